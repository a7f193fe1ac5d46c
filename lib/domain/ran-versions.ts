import { lastPart } from '@/lib/domain/arn';
import type { Fact } from '@/lib/domain/facts';
import { differentDigests, type History, type Run } from '@/lib/domain/history';
import { shortDigest } from '@/lib/domain/image';
import type { Digests } from '@/lib/domain/service';
import { formatDuration, formatTime } from '@/lib/domain/time-words';
import type { Version } from '@/lib/domain/version';

/** A version as history tells it: one revision together with the images it ran with. */
export type RanVersion = {
  /** The revision; runs of its copies count too. */
  readonly arn: string;
  /** Empty where nobody knows. */
  readonly digests: Digests;
  /** Newest first. */
  readonly runs: readonly Run[];
  /** What tells it from other versions of the same revision; `null` where the revision ran with one set of images. */
  readonly apart: {
    /** Last part of its service revision: `ran` in a plan's address. */
    readonly ran: string;
    /** An image only it ran with: `app sha256:ab12cd34`. */
    readonly image: string;
  } | null;
};

/** Versions of a revision that were deployed here, newest first; none where no deployment of it is known. */
export function versionsRan({ runs }: History, arn: string): readonly RanVersion[] {
  const groups: { digests: Digests; runs: Run[] }[] = [];
  for (const run of runs.filter((one) => one.arn === arn || one.everyArn.includes(arn))) {
    const group = groups.find(({ digests }) => !differentDigests(digests, run.digests));
    if (group === undefined) groups.push({ digests: run.digests, runs: [run] });
    else {
      group.runs.push(run);
      if (group.digests.size === 0) group.digests = run.digests;
    }
  }
  return groups.map((group) => ({ arn, ...group, apart: apartFrom(group, groups) }));
}

type Group = Pick<RanVersion, 'digests' | 'runs'>;

function apartFrom(group: Group, all: readonly Group[]): RanVersion['apart'] {
  const told = group.runs.filter(({ digests }) => digests.size > 0);
  const run = told.find(({ outcome }) => outcome === 'successful') ?? told[0];
  const image = [...group.digests].find(([container, digest]) =>
    all.some(({ digests }) => digests.has(container) && digests.get(container) !== digest),
  );
  if (run === undefined || image === undefined) return null;
  return { ran: lastPart(run.serviceRevisionArn), image: `${image[0]} ${shortDigest(image[1])}` };
}

/** The version of a revision that ran with these images, as far as they are known; `null` where none did. */
export const versionRan = (history: Fact<History>, arn: string, digests: Digests): RanVersion | null =>
  (history.ok ? versionsRan(history.value, arn) : []).find((one) => !differentDigests(one.digests, digests)) ?? null;

/** The version by a name that tells it from others of the same revision: `main (91) with app sha256:ab12cd34`. */
export const toldApart = (version: Version, ran: Pick<RanVersion, 'apart'> | null): Version =>
  ran === null || ran.apart === null ? version : { ...version, name: `${version.name} with ${ran.apart.image}` };

/** How long a version ran in this service in all; `never` only where our sources cover its whole life. */
export type RanHere =
  | {
      readonly kind: 'ran';
      readonly ms: number;
      readonly until: number | null;
      /** Whether it may have run for longer, and later. */
      readonly atLeast: boolean;
    }
  | { readonly kind: 'never' }
  | { readonly kind: 'not-known' };

/** A revision with what ran of it: all its versions, or those of certain images alone. */
export type RanQuestion = {
  readonly arn: string;
  /** Images that are meant; without them the revision with whatever images. */
  readonly digests?: Digests;
  /** When it was registered, in milliseconds since 1970; `null` where that is not known. */
  readonly registeredAt: number | null;
};

/** How long a version ran in this service; `until` is `null` while it runs. */
export function ranHere(history: Fact<History>, { arn, digests = new Map(), registeredAt }: RanQuestion): RanHere {
  if (!history.ok) return { kind: 'not-known' };
  const runs = history.value.runs.filter(
    (run) =>
      (run.arn === arn || run.everyArn.includes(arn)) &&
      run.outcome === 'successful' &&
      !differentDigests(digests, run.digests),
  );
  if (runs.length > 0) {
    return {
      kind: 'ran',
      ms: runs.reduce((sum, { ms }) => sum + ms, 0),
      until: runs[0]?.endedAt ?? null,
      atLeast: runs.some(({ atLeast }) => atLeast),
    };
  }
  return registeredAt !== null && registeredAt >= history.value.knownSince ? { kind: 'never' } : { kind: 'not-known' };
}

/** How long a version ran, and until when: `6 d 3 h, until 02:37 UTC today`. */
export function ranFor({ ms, until, atLeast }: Extract<RanHere, { kind: 'ran' }>, now: number): string {
  const long = `${atLeast ? 'at least ' : ''}${formatDuration(ms)}`;
  if (until === null) return `${long} so far`;
  const end = `until ${formatTime(until, now)}`;
  if (!atLeast) return `${long}, ${end}`;
  return ms === 0 ? `at least ${end}` : `${long}, at least ${end}`;
}
