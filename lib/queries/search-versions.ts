import 'server-only';
import { revisionNumber } from '@/lib/domain/arn';
import { isFoundBy, type RevisionSummary } from '@/lib/domain/revision-summary';
import { within } from '@/lib/within';
import { type Family, listedAs, newest } from './family';
import type { ServiceContext } from './service-context';
import { arnOf, numbersBelow } from './version-numbers';

/** How far a search has come. */
export type Search = {
  readonly text: string;
  /** Everything from the newest revision down to this one was looked through. */
  readonly lookedTo: number;
  readonly newest: number;
  /** `older` of the next step; `null` once everything was looked through. */
  readonly next: string | null;
};

/** What one step of a search brought. */
export type SearchStep = {
  /** Found so far, newest first. */
  readonly found: readonly RevisionSummary[];
  readonly search: Search;
  readonly family: Family;
  /** Whether the step did not get through what it looked at, so that it is to be repeated. */
  readonly late: boolean;
};

/** Revisions whose summaries are fetched for one step, and of these the ones that may be asked of AWS. */
const LOOKED_THROUGH = 300;
const DESCRIBED = 25;
const FOUND = 25;

/**
 * One step down a family, at most three listing calls and 25 describing ones. What anybody ever read of it costs
 * nothing, so a step may go far; what was found so far comes from there too.
 */
export async function searchStep(
  context: ServiceContext,
  family: Family,
  { text, below }: { readonly text: string; readonly below: number },
): Promise<SearchStep> {
  const { reads } = context.application;
  const numbers = await numbersBelow(context, family, { below, most: LOOKED_THROUGH });
  await reads.recallSummaries(numbers.numbers.map((number) => arnOf(context, number)));
  const looked = affordable(context, numbers.numbers);
  const arns = looked.map((number) => arnOf(context, number));
  const read = await within(reads.summaries(context.target, arns), context.left());
  const lookedTo = looked.at(-1) ?? Math.max(0, Math.min(below, newest(numbers.family) + 1) - 1);
  const more = looked.length < numbers.numbers.length || numbers.next !== null;
  // Repeated where AWS was slow: what it has answered by then costs nothing.
  const next = read === null ? below : more ? lookedTo : null;
  return {
    found: await foundOf(context, numbers.family, { text, arns }),
    search: {
      text,
      lookedTo: read === null ? Math.min(below, newest(numbers.family) + 1) : lookedTo,
      newest: newest(numbers.family),
      next: next === null ? null : Number.isFinite(next) ? String(next) : '',
    },
    family: numbers.family,
    late: read === null,
  };
}

/** The numbers one step can look at: all that are known already, and as many others as may be described. */
function affordable(context: ServiceContext, numbers: readonly number[]): readonly number[] {
  const { reads } = context.application;
  const isUnknown = (number: number): boolean => reads.knownSummary(arnOf(context, number)) === null;
  const tooMany = numbers.filter(isUnknown)[DESCRIBED];
  return tooMany === undefined ? numbers : numbers.slice(0, numbers.indexOf(tooMany));
}

type Looked = { readonly text: string; readonly arns: readonly string[] };

/** Everything that is known to hold the text and is not known to be deleted; of this step alone without a database. */
async function foundOf(
  { application, service }: ServiceContext,
  family: Family,
  { text, arns }: Looked,
): Promise<readonly RevisionSummary[]> {
  const { reads } = application;
  const kept = await reads.findSummaries(service.taskDefinitionArn, text, FOUND);
  const seen = arns.flatMap((arn) => reads.knownSummary(arn) ?? []).filter((summary) => isFoundBy(summary, text));
  const all = new Map([...(kept ?? []), ...seen].map((summary) => [summary.arn, summary]));
  return [...all.values()]
    .filter(({ arn }) => listedAs(family, arn) !== false)
    .sort((a, b) => revisionNumber(b.arn) - revisionNumber(a.arn))
    .slice(0, FOUND);
}
