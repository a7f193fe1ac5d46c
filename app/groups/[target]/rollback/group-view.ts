import type { CheckName } from '@/lib/domain/checks/run-checks';
import { thingsDiffer } from '@/lib/domain/difference-words';
import { firstOf } from '@/lib/domain/group';
import { type SharedWarning, sharedWarnings } from '@/lib/domain/group-warnings';
import type { Plan, Planned } from '@/lib/domain/plan-shape';
import type { StateWord } from '@/lib/domain/wording';
import type { Group, GroupMember } from '@/lib/queries/get-group';
import type { DrawnMember } from '@/lib/rollback/plan-group';
import type { NotPressable } from '@/lib/rollback/plan-rollback';
import { routes } from '@/lib/routes';

/** What the checks of one service found, in words. */
export type RowFindings = {
  readonly blocks: readonly string[];
  readonly warnings: readonly string[];
  readonly notChecked: readonly string[];
  readonly passed: readonly string[];
};

/** A service of a group as its plan's page lists it. */
export type GroupRow = {
  /** `cluster/service`, as the form carries it. */
  readonly key: string;
  readonly service: string;
  /** Said where the group spans several. */
  readonly cluster: string | null;
  readonly href: string;
  /** `428 → 421`, or the running version alone. */
  readonly change: string;
  readonly differs: string | null;
  readonly state: StateWord;
  /** Why it cannot be chosen; `null` where it can. */
  readonly why: string | null;
  readonly findings: RowFindings | null;
  /** Its own plan, to read or press alone; `null` where it has none. */
  readonly planHref: string | null;
  readonly balanced: boolean;
};

/** A choice of what to bring back, for every service that needs one. */
export type GroupCard = {
  readonly bring: 'images' | 'everything';
  /** A sentence or two for each service. */
  readonly lines: readonly string[];
  readonly usable: boolean;
};

/** A group's plan as its page draws it. */
export type GroupView = {
  readonly rows: readonly GroupRow[];
  /** Rows ticked when the page is opened. */
  readonly chosen: readonly string[];
  /** What is said of services the address names that are in this group no more. */
  readonly left: readonly string[];
  readonly warnings: readonly SharedWarning[];
  /** `null` where what differs leaves nothing to choose. */
  readonly cards: readonly GroupCard[] | null;
  /** Whether the choice is still to be made. */
  readonly choose: boolean;
  readonly plans: readonly { readonly id: string; readonly hash: string }[];
  /** The service that may go before the rest. */
  readonly first: string | null;
  /** Why nothing can be pressed, where one reason holds for all. */
  readonly notSaved: NotPressable | null;
  readonly details: string;
  readonly byHand: readonly string[];
};

type Sources = { readonly group: Group; readonly drawn: readonly DrawnMember[]; readonly services: string | undefined };

/** What the page shows of a group and the plans of its services. */
export function groupView({ group, drawn, services }: Sources): GroupView {
  const plans = new Map(drawn.map((member) => [keyOf(member), member]));
  const clusters = new Set(group.members.map(({ cluster }) => cluster));
  const rows = group.members.map((member) => rowOf(member, plans.get(keyOf(member)) ?? null, group, clusters.size > 1));
  const open = rows.filter(({ why }) => why === null);
  const asked = services === undefined ? null : new Set(services.split(','));
  const chosen = open.filter(({ key }) => asked?.has(key) ?? true);
  const saved = drawn.flatMap(({ drawn: one }) => (one.ok ? (one.value.saved ?? []) : []));
  const every = drawn.flatMap(({ drawn: one }) => (one.ok ? (one.value.notSaved ?? []) : []));
  const cards = cardsOf(drawn);
  return {
    rows,
    chosen: chosen.map(({ key }) => key),
    left: group.stillReading ? [] : leftWords(group, asked ?? new Set()),
    warnings: sharedWarnings(
      drawn.flatMap((member) => {
        const body = member.drawn.ok ? member.drawn.value.body : null;
        return body === null || !open.some(({ key }) => key === keyOf(member))
          ? []
          : [{ service: keyOf(member), findings: body.findings }];
      }),
    ),
    cards,
    choose:
      cards !== null &&
      drawn.some(({ wish, drawn: one }) => wish.bring === null && plannedOf(one)?.kind === 'choose-bring'),
    plans: saved,
    first: firstOf(group.members.filter((member) => open.some(({ key }) => key === keyOf(member))))?.service ?? null,
    notSaved: saved.length === 0 ? (every[0] ?? null) : null,
    details: drawn.flatMap(({ drawn: one }) => (one.ok && one.value.details ? [one.value.details] : []))[0] ?? '',
    byHand: drawn.flatMap(({ service, drawn: one }) =>
      one.ok && one.value.byHand.length > 0 ? [`# ${service}`, ...one.value.byHand] : [],
    ),
  };
}

const keyOf = ({ cluster, service }: Pick<GroupMember, 'cluster' | 'service'>): string => `${cluster}/${service}`;

/** Why each service that was asked for is not among the rows. */
function leftWords(
  { members, others, unreadClusters, from, target }: Group,
  asked: ReadonlySet<string>,
): readonly string[] {
  const here = new Set(members.map(keyOf));
  const gone = [...asked].filter((key) => key.includes('/') && !here.has(key));
  return gone.map((key) => {
    const [cluster = '', service = ''] = key.split('/');
    const other = others.find((one) => keyOf(one) === key);
    if (other !== undefined) return `${service} is left out: it runs ${other.running} now.`;
    const unread = unreadClusters.some((one) => one.cluster === cluster);
    return unread
      ? `${service} is left out: cluster ${cluster} in ${target.name} could not be read.`
      : `${service} is left out: it does not run ${from} any more.`;
  });
}

const plannedOf = (drawn: DrawnMember['drawn']): Planned | null => (drawn.ok ? drawn.value.planned : null);

function rowOf(member: GroupMember, drawn: DrawnMember | null, group: Group, several: boolean): GroupRow {
  const { cluster, service, balanced } = member;
  const address = { target: group.target.name, cluster, service };
  const planned = drawn === null ? null : plannedOf(drawn.drawn);
  const plan = planned?.kind === 'plan' ? planned.plan : null;
  const sides = planned?.kind === 'choose-bring' ? planned : plan;
  const findings = plan === null ? null : findingsOf(plan);
  const why = whyNot(member, drawn, findings, group);
  return {
    key: keyOf(member),
    service,
    cluster: several ? cluster : null,
    href: routes.service(address),
    change: sides === null ? `${numberOf(member)} → –` : `${sides.from.number} → ${sides.to.number}`,
    differs: plan === null ? null : differsWords(plan),
    state: stateOf(findings, why),
    why,
    findings,
    planHref: member.wish === null ? null : routes.plan(address, member.wish),
    balanced,
  };
}

const numberOf = ({ serviceOf }: GroupMember): string => serviceOf.taskDefinitionArn.split(':').at(-1) ?? '';

/** `only images`, or what else differs. */
const differsWords = ({ changes }: Plan): string =>
  changes.every(({ subject }) => subject === 'image')
    ? 'only images'
    : (thingsDiffer(changes)?.replace(/\.$/, '') ?? '');

function whyNot(
  { wish, unread, notAllSeen, unreadable, mayRollBack }: GroupMember,
  drawn: DrawnMember | null,
  findings: RowFindings | null,
  { to }: Group,
): string | null {
  if (unread) return 'what it ran before is still being read';
  if (unreadable !== null) return `what it ran before could not be read: ${unreadable}`;
  if (notAllSeen)
    return `whether it ran ${to ?? 'another version'} is not known: not all of its versions were looked at`;
  if (wish === null || drawn === null) return `never ran ${to ?? 'another version'}: left as it is`;
  if (!drawn.drawn.ok)
    return drawn.drawn.error.kind === 'not-found'
      ? 'it is not there any more'
      : `ECS could not be read: ${drawn.drawn.error.failure.words}`;
  const { planned, notSaved } = drawn.drawn.value;
  if (planned.kind === 'unreadable') return planned.words;
  if (findings !== null && findings.blocks.length > 0) return findings.blocks.join(' ');
  if (!mayRollBack || notSaved === 'viewer') return 'you may look at it and not roll it back';
  if (planned.kind === 'choose-bring')
    return wish.bring === null ? 'choose what to bring back' : unusableWords(planned.cards, wish.bring);
  return notSaved === null ? null : 'it cannot be pressed just now';
}

const unusableWords = (cards: Extract<Planned, { kind: 'choose-bring' }>['cards'], bring: string): string =>
  cards.find((card) => card.bring === bring)?.unusable ?? 'it cannot be planned so';

function findingsOf({ findings }: Plan): RowFindings {
  const words = (kind: string): readonly string[] =>
    [...findings].flatMap(([, finding]: readonly [CheckName, { kind: string; words: string }]) =>
      finding.kind === kind ? [finding.words] : [],
    );
  return {
    blocks: words('blocks'),
    warnings: words('warns'),
    notChecked: words('not-checked'),
    passed: words('passed'),
  };
}

/** A row shows its worst. */
function stateOf(findings: RowFindings | null, why: string | null): StateWord {
  if (why !== null)
    return { icon: findings?.blocks.length ? '✕' : '–', word: why, tone: findings?.blocks.length ? 'bad' : 'muted' };
  const warnings = findings?.warnings.length ?? 0;
  if (warnings > 0) return { icon: '!', word: warnings === 1 ? '1 warning' : `${warnings} warnings`, tone: 'warning' };
  return { icon: '✓', word: `${findings?.passed.length ?? 0} passed`, tone: 'good' };
}

/** Both ways to go back, where a service has more to bring than images. */
function cardsOf(drawn: readonly DrawnMember[]): readonly GroupCard[] | null {
  const needing = drawn.flatMap((member) => {
    const planned = plannedOf(member.drawn);
    const cards =
      planned?.kind === 'choose-bring' ? planned.cards : planned?.kind === 'plan' ? planned.plan.cards : null;
    return cards === null ? [] : [{ service: member.service, cards }];
  });
  if (needing.length === 0) return null;
  const rest = drawn.length - needing.length;
  const others =
    rest === 0
      ? []
      : [rest === 1 ? 'In 1 other service only images differ.' : `In ${rest} other services only images differ.`];
  return (['images', 'everything'] as const).map((bring) => {
    const said = needing.flatMap(({ service, cards }) =>
      cards.filter((card) => card.bring === bring).map((card) => ({ service, card })),
    );
    return {
      bring,
      lines: [...said.map(({ service, card }) => `${service}: ${card.unusable ?? card.lines.join(' ')}`), ...others],
      usable: said.some(({ card }) => card.unusable === null),
    };
  });
}
