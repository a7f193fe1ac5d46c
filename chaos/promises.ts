import { isDeepStrictEqual } from 'node:util';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { isEnd, NEXT, type State } from '@/lib/domain/rollback';
import { T_FRESH_MS } from '@/lib/domain/times';
import type { SimulatedAws, Truth } from './aws';
import type { Event, Journal, Row, Write } from './journal';

/** A promise that was broken, by its number in the safety rules, and how. */
export type Broken = { readonly promise: string; readonly how: string };

type Check = (story: Story) => readonly string[];

/** A journal, with what every check asks of it. */
type Story = {
  readonly journal: Journal;
  readonly aws: Pick<SimulatedAws, 'definition'>;
  readonly writes: readonly Written[];
};

/** A request at one of its two moments, with the rows as they stood then. */
type Written = {
  readonly index: number;
  readonly event: Event & { readonly kind: 'sent' | 'applied' };
  readonly write: Write;
  readonly rows: ReadonlyMap<string, Row>;
};

const PROMISES: Readonly<Record<string, Check>> = {
  'I-1 one active rollback of a service': oneActive,
  'I-2 a change is on the wire at most once': sentOnce,
  'I-3 a change follows its committed intent': afterIntent,
  'I-4 nothing takes effect after its end or during another': inItsTime,
  'I-5 nothing that a look could show is overwritten': afterFreshLook,
  'I-6 not applied is true': notAppliedIsTrue,
  'I-7 an outcome is what AWS showed': outcomesAreTrue,
  'I-8 an ended rollback never changes': endsStay,
  'I-10 the update has three members': threeMembers,
  'I-11 the copy is what was planned': copyAsPlanned,
  'I-12 no revoked session sends': notRevoked,
  'I-13 state and record tell the same': recordTellsStates,
  'I-16 one plan makes one rollback': onePerPlan,
  'what was overwritten is named': overwrittenIsNamed,
  'every spare copy is named': sparesAreNamed,
};

/** Every promise a journal shows broken. */
export function brokenPromises(journal: Journal, aws: Pick<SimulatedAws, 'definition'>): readonly Broken[] {
  const story = { journal, aws, writes: writesOf(journal) };
  return Object.entries(PROMISES).flatMap(([promise, check]) => check(story).map((how) => ({ promise, how })));
}

function writesOf({ events }: Journal): readonly Written[] {
  const rows = new Map<string, Row>();
  return events.flatMap((event, index) => {
    if (event.kind === 'rows') for (const row of event.rows) rows.set(row.id, row);
    if (event.kind !== 'sent' && event.kind !== 'applied') return [];
    return [{ index, event, write: event.write, rows: new Map(rows) }];
  });
}

const isChange = ({ operation }: Write): boolean => operation !== 'RegisterTaskDefinition';

const changes = ({ writes }: Story, kind: 'sent' | 'applied'): readonly Written[] =>
  writes.filter(({ event, write }) => event.kind === kind && isChange(write));

const isActive = ({ state }: Row): boolean => !isEnd(state);

function oneActive({ journal }: Story): readonly string[] {
  const rows = new Map<string, Row>();
  return journal.events.flatMap((event) => {
    if (event.kind !== 'rows') return [];
    for (const row of event.rows) rows.set(row.id, row);
    const active = [...rows.values()].filter(isActive).map(({ id }) => id);
    return active.length > 1 ? [active.join(' and ')] : [];
  });
}

function sentOnce(story: Story): readonly string[] {
  const senders = changes(story, 'sent').map(({ write }) => write.rollback);
  return senders.filter((id, index) => senders.indexOf(id) !== index).map((id) => `${id} sent again`);
}

function afterIntent({ journal, writes }: Story): readonly string[] {
  return writes.flatMap(({ index, event, write }) => {
    if (event.kind !== 'sent') return [];
    const wanted = isChange(write) ? 'send-intent' : 'confirmed';
    const committed = entryBefore(
      journal,
      index,
      (entry) => entry.kind === wanted && entry.rollbackId === write.rollback,
    );
    return committed === -1 ? [`${write.operation} of ${write.rollback} without ${wanted}`] : [];
  });
}

type EntryOf = Extract<Event, { kind: 'entries' }>['entries'][number];

/** Where before an event an entry stands, or -1. */
const entryBefore = ({ events }: Journal, index: number, is: (entry: EntryOf) => boolean): number =>
  events.slice(0, index).findLastIndex((event) => event.kind === 'entries' && event.entries.some(is));

function inItsTime(story: Story): readonly string[] {
  const early = changes(story, 'sent').flatMap(({ write, rows }) => {
    const own = rows.get(write.rollback);
    return own === undefined || isActive(own) ? [] : [`${own.id} sent when ${own.state}`];
  });
  const late = changes(story, 'applied').flatMap(({ write, rows }) => {
    const own = rows.get(write.rollback);
    // A person gave it up knowing that the request may still arrive.
    if (own === undefined || own.state === 'closed') return [];
    const other = [...rows.values()].find((row) => row.id !== own.id && isActive(row));
    return [
      ...(isActive(own) ? [] : [`${own.id} took effect when ${own.state}`]),
      ...(other === undefined ? [] : [`${own.id} took effect while ${other.id} was ${other.state}`]),
    ];
  });
  return [...early, ...late];
}

function afterFreshLook(story: Story): readonly string[] {
  const { events, plans } = story.journal;
  return changes(story, 'sent').flatMap(({ index, event, write, rows }) => {
    if (write.operation !== 'UpdateService') return [];
    const { rollback } = write;
    const intent = entryBefore(
      story.journal,
      index,
      ({ kind, rollbackId }) => kind === 'send-intent' && rollbackId === rollback,
    );
    const owner = rows.get(rollback)?.owner;
    const look = events.slice(intent, index).findLast((one) => one.kind === 'look' && one.owner === owner);
    if (look?.kind !== 'look') return [`${rollback} sent without a look after its intent`];
    if (event.at - look.at > T_FRESH_MS + SLACK_MS) return [`${rollback} sent ${event.at - look.at} ms after its look`];
    const planned = plans.get(rollback)?.primaryId === look.truth.primaryId;
    return planned || look.stale ? [] : [`${rollback} overwrites what its look showed`];
  });
}

/** From the socket to where the tests see it, on a busy machine. */
const SLACK_MS = 1_500;

function notAppliedIsTrue(story: Story): readonly string[] {
  const applied = new Set(changes(story, 'applied').map(({ write }) => write.rollback));
  return story.journal
    .rows()
    .filter(({ id, state }) => state === 'not-applied' && applied.has(id))
    .map(({ id, reason }) => `${id} is not-applied (${reason}) and was applied`);
}

function outcomesAreTrue(story: Story): readonly string[] {
  const { events } = story.journal;
  return events.flatMap((event, index) => {
    if (event.kind !== 'rows') return [];
    return event.rows.flatMap((row) => {
      const shown = SHOWN_BY[row.state];
      if (shown === undefined || isHandedOver(row)) return [];
      // ECS takes a stop of what another deployment is stopping already, and has nothing to do.
      const from = row.kind === 'stop' ? 'sent' : 'applied';
      const applied = events.findIndex(
        (one) => one.kind === from && isChange(one.write) && one.write.rollback === row.id,
      );
      const truths = applied === -1 ? [] : events.slice(applied + 1, index + 1).map(({ truth }) => truth);
      const stop = story.journal.plans.get(row.id)?.stopArn ?? null;
      return truths.some((truth) => truth.gone || shown(row, truth, stop))
        ? []
        : [`${row.id} ${row.state} (${row.reason})`];
    });
  });
}

const isHandedOver = ({ reason }: Row): boolean => reason === 'by-rollback' || reason === 'stopped';

/** What AWS must have shown at some moment for an outcome to be true. */
const SHOWN_BY: Partial<Record<State, (row: Row, truth: Truth, stop: string | null) => boolean>> = {
  succeeded: ({ copyArn }, { taskDefinition, rollout, steady, records }, stop) =>
    stop === null
      ? taskDefinition === copyArn && rollout === 'COMPLETED' && steady
      : statusOf(records, stop) === 'ROLLBACK_SUCCESSFUL',
  failed: ({ copyArn, reason }, { taskDefinition, rollout, records }, stop) => {
    if (stop !== null) return /^(ROLLBACK_FAILED|SUCCESSFUL)$/.test(statusOf(records, stop) ?? '');
    return reason === 'put-back' ? taskDefinition !== copyArn : rollout === 'FAILED' || reason === 'stuck';
  },
  superseded: ({ copyArn }, { taskDefinition, records }, stop) =>
    stop === null ? taskDefinition !== copyArn : statusOf(records, stop) === 'STOPPED',
};

const statusOf = (records: Truth['records'], arn: string): string | undefined =>
  records.find((record) => record.arn === arn)?.status;

function endsStay({ journal }: Story): readonly string[] {
  const ended = new Map<string, Row>();
  return journal.events.flatMap((event) => {
    if (event.kind !== 'rows') return [];
    return event.rows.flatMap((row) => {
      const before = ended.get(row.id);
      if (!isActive(row)) ended.set(row.id, row);
      return before === undefined ? [] : [`${row.id} changed after its end as ${before.state}`];
    });
  });
}

function threeMembers({ writes }: Story): readonly string[] {
  return writes.flatMap(({ write: { operation, input, rollback } }) => {
    if (operation !== 'UpdateService') return [];
    const members = Object.keys(input).sort().join();
    const whole = /^arn:.*:task-definition\/[\w-]+:\d+$/.test(String(input.taskDefinition));
    return members === 'cluster,service,taskDefinition' && whole ? [] : [`${rollback}: ${JSON.stringify(input)}`];
  });
}

function copyAsPlanned({ journal, aws }: Story): readonly string[] {
  return journal.rows().flatMap(({ id, copyArn, state }) => {
    const plan = journal.plans.get(id);
    if (copyArn === null || plan?.sourceArn == null || state === 'not-applied') return [];
    const source = aws.definition(plan.sourceArn) as TaskDefinition | null;
    const wanted = {
      ...source,
      containerDefinitions: source?.containerDefinitions?.map((container) => ({
        ...container,
        image: plan.images[container.name ?? ''] ?? container.image,
      })),
    };
    return isDeepStrictEqual(aws.definition(copyArn), wanted) ? [] : [`${id}: ${copyArn} is not ${plan.copiedFrom}`];
  });
}

function notRevoked({ journal }: Story): readonly string[] {
  const entries = journal.events.flatMap((event) => (event.kind === 'entries' ? event.entries : []));
  return entries.flatMap(({ kind, rollbackId, seq }) => {
    if (kind !== 'send-intent') return [];
    const confirmed = entries.find((entry) => entry.kind === 'confirmed' && entry.rollbackId === rollbackId)?.seq ?? 0;
    const revoked = entries.some(
      (entry) => entry.kind === 'sessions-revoked' && entry.seq > confirmed && entry.seq < seq,
    );
    return revoked ? [`${rollbackId} intended after its session was revoked`] : [];
  });
}

function recordTellsStates({ journal }: Story): readonly string[] {
  const told = new Map<string, string>();
  for (const event of journal.events) {
    if (event.kind !== 'entries') continue;
    for (const { kind, rollbackId, payload } of event.entries) {
      if (rollbackId === null) continue;
      const before = told.get(rollbackId);
      const state = kind === 'confirmed' ? 'starting' : typeof payload.state === 'string' ? payload.state : before;
      const arrow = before === undefined || before === state || isArrow(before, state);
      told.set(rollbackId, arrow ? (state ?? '') : `${before}, then ${state}`);
    }
  }
  return journal
    .rows()
    .flatMap(({ id, state }) => (told.get(id) === state ? [] : [`${id}: ${state}, told ${told.get(id)}`]));
}

const isArrow = (from: string, to: string | undefined): boolean =>
  ((NEXT as Readonly<Record<string, readonly string[]>>)[from] ?? []).includes(to ?? '');

function onePerPlan({ journal }: Story): readonly string[] {
  const plans = journal.rows().map(({ planId }) => planId);
  return plans.filter((plan, index) => plans.indexOf(plan) !== index).map((plan) => `${plan} was pressed twice`);
}

/** Whom our update stopped though no look had shown them: named in the record, whoever was there to see it. */
function overwrittenIsNamed(story: Story): readonly string[] {
  const entries = story.journal.events.flatMap((event) => (event.kind === 'entries' ? event.entries : []));
  return changes(story, 'applied').flatMap(({ event, write }) => {
    const plan = story.journal.plans.get(write.rollback);
    const row = story.journal.rows().find(({ id }) => id === write.rollback);
    if (write.operation !== 'UpdateService' || plan === undefined || event.truth.gone) return [];
    // Another deployment of the very version that was left is nobody's loss.
    const known = event.truth.primaryId === plan.primaryId || event.truth.taskDefinition === plan.from.arn;
    // What ECS itself returned to had begun long before.
    const { primaryId } = event.truth;
    const returned = story.journal.events.some((one) => one.at < plan.readAt && one.truth.primaryId === primaryId);
    if (known || returned || row?.state === 'closed') return [];
    const named = entries.some(({ kind, rollbackId }) => kind === 'overwrote' && rollbackId === write.rollback);
    return named ? [] : [`${write.rollback} replaced ${event.truth.primaryId}`];
  });
}

/** Copies that are not deployed are the family's newest revisions, so people must know of them. */
function sparesAreNamed({ journal, writes }: Story): readonly string[] {
  const entries = journal.events.flatMap((event) => (event.kind === 'entries' ? event.entries : []));
  const named = entries.flatMap(({ payload }) => [
    payload.copy,
    ...(Array.isArray(payload.copies) ? payload.copies : []),
  ]);
  return writes
    .filter(({ event, write }) => event.kind === 'applied' && !isChange(write))
    .flatMap(({ write: { copy, rollback } }) =>
      copy === null || named.includes(copy) ? [] : [`${copy} of ${rollback}`],
    );
}
