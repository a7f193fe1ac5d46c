import 'server-only';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Aws } from '@/lib/aws/clients';
import { type Priority, type Urgency, urgency } from '@/lib/aws/urgency';
import type { ReadOnce } from '@/lib/db/read-once';
import type { Fact } from '@/lib/domain/facts';
import { type RevisionSummary, summaryOf } from '@/lib/domain/revision-summary';
import type { Target } from '@/lib/domain/target';
import type { Revision } from '@/lib/domain/task-definition';
import { ok } from '@/lib/result';
import { filling } from './filling';

/** A revision as it may be kept: masked, without the sealed original, and without what changes. */
export type ShownRevision = Omit<Revision, 'original'>;

/** For whom summaries are read, and how. */
export type SummaryOptions = {
  readonly priority?: Priority;
  /** How ECS lists a revision now: one whose summary says otherwise is described once more. `null` where not listed. */
  readonly statusOf?: (arn: string) => string | null;
};

/** Revisions, each described once: by this process as a whole, and by name and images once for all of them. */
export type RevisionReads = {
  /** A revision's body. Status and tags are those of the reading. */
  revision(target: Target, arn: string, priority?: Priority): Promise<Fact<ShownRevision>>;
  /** A body that was read before, without asking AWS. */
  knownRevision(arn: string): ShownRevision | null;
  /** Summaries of revisions; every one that is not known yet costs a call. */
  summaries(
    target: Target,
    arns: readonly string[],
    options?: SummaryOptions,
  ): Promise<ReadonlyMap<string, Fact<RevisionSummary>>>;
  /** Fetches what the database keeps of these. Nothing is asked of AWS. */
  recallSummaries(arns: readonly string[]): Promise<void>;
  /** A summary that was read before, without asking AWS or the database. */
  knownSummary(arn: string): RevisionSummary | null;
  /**
   * Reads in the background what is not known of these, the first ones first, one filling of a target at a time. Resolves
   * once that is done; what came until then is known.
   */
  fillSummaries(target: Target, arns: readonly string[]): Promise<void>;
  /**
   * Summaries of a family's revisions that hold a text, newest first, of all that were ever read; `null` while the
   * database does not answer.
   *
   * @param beside - ARN of any revision of the family.
   */
  findSummaries(beside: string, text: string, limit: number): Promise<readonly RevisionSummary[] | null>;
};

const BYTES_OF_BODIES = 48 * 1024 * 1024;
const SUMMARIES = 12_000;
/** Revisions described at once for one question. */
const AT_ONCE = 5;
/** How long one that could not be read is left alone; one that AWS refuses for longer. */
const FAILED_FOR_MS = 30_000;
const REFUSED_FOR_MS = 300_000;
/** Summaries are stored together, at the latest so long after they were read. */
const STORE_AFTER_MS = 500;

type Parts = { readonly aws: Pick<Aws, 'reader'>; readonly kept: ReadOnce; readonly now?: () => number };

/** The revision reads of a process. */
export function createRevisionReads({ aws, kept, now = Date.now }: Parts): RevisionReads {
  const bodies = new LRUCache<string, ShownRevision>({
    maxSize: BYTES_OF_BODIES,
    sizeCalculation: ({ shown }) => JSON.stringify(shown).length * 2 + 1_000,
  });
  const summaries = new LRUCache<string, RevisionSummary>({ max: SUMMARIES });
  const failed = new LRUCache<string, { readonly fact: Fact<never>; readonly until: number }>({ max: 2_000 });
  const underWay = new Map<string, { readonly urgency: Urgency; readonly answer: Promise<Fact<ShownRevision>> }>();
  const fillings = new Map<string, ReturnType<typeof filling>>();
  const store = storing(kept);

  const readBody = (target: Target, arn: string, priority: Priority): Promise<Fact<ShownRevision>> => {
    const reading = underWay.get(arn);
    reading?.urgency.raise(priority);
    if (reading !== undefined) return reading.answer;
    const failure = failed.get(arn);
    if (failure !== undefined && now() < failure.until) return Promise.resolve(failure.fact);
    const rising = urgency(priority);
    const answer = aws
      .reader(target)
      .describeRevision(arn, { priority: rising })
      .then((fact) => {
        if (!fact.ok) {
          const refused = fact.error.kind === 'denied' || fact.error.kind === 'gone';
          // Spread out, so that what failed together is not tried together.
          const pauseMs = (refused ? REFUSED_FOR_MS : FAILED_FOR_MS) * (0.5 + Math.random());
          failed.set(arn, { fact, until: now() + pauseMs });
          return fact;
        }
        const { original: _sealed, ...shown } = fact.value;
        bodies.set(shown.arn, shown);
        const summary = summaryOf(shown);
        summaries.set(shown.arn, summary);
        store.add(summary);
        return ok(shown);
      })
      .finally(() => underWay.delete(arn));
    underWay.set(arn, { urgency: rising, answer });
    return answer;
  };

  const isKnown = (arn: string, statusOf: SummaryOptions['statusOf']): boolean => {
    const summary = summaries.get(arn);
    const status = statusOf?.(arn) ?? null;
    return summary !== undefined && (status === null || status === summary.status);
  };
  const recall = async (arns: readonly string[]): Promise<void> => {
    const unknown = arns.filter((arn) => !summaries.has(arn));
    if (unknown.length === 0) return;
    const found = await kept.summaries(unknown).catch(() => new Map<string, RevisionSummary>());
    for (const [arn, summary] of found) if (!summaries.has(arn)) summaries.set(arn, summary);
  };

  const reads: RevisionReads = {
    knownRevision: (arn) => bodies.get(arn) ?? null,
    knownSummary: (arn) => summaries.get(arn) ?? null,
    recallSummaries: recall,
    revision: async (target, arn, priority = 'page') => {
      const known = bodies.get(arn);
      return known === undefined ? readBody(target, arn, priority) : ok(known);
    },
    async summaries(target, arns, { priority = 'page', statusOf } = {}) {
      await recall(arns);
      const limit = pLimit(AT_ONCE);
      const read = await Promise.all(
        arns.map(async (arn) => {
          if (isKnown(arn, statusOf)) return null;
          const fact = await limit(() => readBody(target, arn, priority));
          return fact.ok ? null : ([arn, fact] as const);
        }),
      );
      const unread = new Map(read.filter((one) => one !== null));
      return new Map(
        arns.flatMap((arn) => {
          const summary = summaries.get(arn);
          const fact = unread.get(arn) ?? (summary === undefined ? undefined : ok(summary));
          return fact === undefined ? [] : [[arn, fact] as const];
        }),
      );
    },
    fillSummaries: (target, arns) => {
      const fill =
        fillings.get(target.name) ??
        filling({
          recall,
          isKnown: (arn) => summaries.has(arn) || isFailed(arn),
          read: (arn) => readBody(target, arn, 'background'),
          atOnce: AT_ONCE,
        });
      fillings.set(target.name, fill);
      return fill(arns);
    },
    async findSummaries(beside, text, limit) {
      await store.flush();
      const family = beside.slice(0, beside.lastIndexOf(':') + 1);
      return kept.findSummaries(family, text, limit).catch(() => null);
    },
  };
  const isFailed = (arn: string): boolean => now() < (failed.get(arn)?.until ?? 0);
  return reads;
}

/** Stores summaries a few at a time; what cannot be stored is read again some day. */
function storing({ keepSummaries }: ReadOnce) {
  let waiting: RevisionSummary[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const now = waiting;
    waiting = [];
    if (now.length > 0) await keepSummaries(now).catch(() => undefined);
  };
  return {
    flush,
    add(summary: RevisionSummary): void {
      waiting.push(summary);
      timer ??= setTimeout(() => void flush(), STORE_AFTER_MS);
      timer.unref();
    },
  };
}
