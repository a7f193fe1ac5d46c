import { familyOf, revisionArn, revisionNumber } from '@/lib/domain/arn';
import { certainTo, type Family, isWhole, listed, listedAs, newest } from './family';
import { familyKey } from './reads';
import type { ServiceContext } from './service-context';

/** Numbers of a family to look at, newest first, and where the next ones begin. */
export type Numbers = {
  readonly family: Family;
  readonly numbers: readonly number[];
  /** Numbers below this one come next; `null` at the end. */
  readonly next: number | null;
};

/**
 * The newest revision numbers below a given one, at most so many, by at most three listing calls besides those of the
 * first hundred. ECS lists a family from its newest revision alone; where the listing does not reach so far down, it is
 * gone on number by number, because numbers rise by one for ever. Deleted ones then turn out to be gone. A listing
 * without what runs is not believed.
 *
 * @param below - Infinity for the newest.
 */
export async function numbersBelow(context: ServiceContext, family: Family, { below, most }: Below): Promise<Numbers> {
  const known = await reaching(context, family, { below, most });
  const isSound = listedAs(known, context.service.taskDefinitionArn) !== false;
  const certain = (isSound ? listed(known) : []).map(({ number }) => number).filter((number) => number < below);
  if (certain.length >= most || (isWhole(known) && isSound)) {
    const numbers = certain.slice(0, most);
    return { family: known, numbers, next: certain.length > most ? (numbers.at(-1) ?? null) : null };
  }
  const from = Math.min(below, isSound ? lowestCertain(context, known) : aboveAll(context, known)) - 1;
  const more = Array.from({ length: most - certain.length }, (_, index) => from - index).filter((number) => number > 0);
  const numbers = [...certain, ...more];
  const last = numbers.at(-1) ?? 1;
  return { family: known, numbers, next: last > 1 ? last : null };
}

/** Below which number, and how many at most. */
export type Below = { readonly below: number; readonly most: number };

/** How far below its end a listing may be worth going on with. */
const REACH = 300;

/** The listing, gone on with once where it does not reach down far enough. The first page is what the first calls gave. */
async function reaching({ application, target, service }: ServiceContext, family: Family, { below, most }: Below) {
  const enough = listed(family).filter(({ number }) => number < below).length >= most;
  // One that ends far above would end far above after another step too.
  const isFar = Number.isFinite(certainTo(family)) && certainTo(family) - below > REACH;
  if (below === Number.POSITIVE_INFINITY || enough || isFar || isWhole(family)) return family;
  const more = await application.reads.continueFamily(familyKey(target.name, familyOf(service.taskDefinitionArn)));
  return more?.ok ? more.value : family;
}

/** Down to which number everything is certain; one above the newest where nothing is. */
function lowestCertain(context: ServiceContext, family: Family): number {
  const certain = certainTo(family);
  return Number.isFinite(certain) ? certain : aboveAll(context, family);
}

/** One above everything that certainly is there. What runs is, whatever a listing says. */
const aboveAll = ({ service }: ServiceContext, family: Family): number =>
  Math.max(newest(family), revisionNumber(service.taskDefinitionArn)) + 1;

/** The ARN of a number in the service's family. */
export const arnOf = ({ service: { taskDefinitionArn } }: Pick<ServiceContext, 'service'>, number: number): string =>
  revisionArn(taskDefinitionArn, `${familyOf(taskDefinitionArn)}:${number}`);
