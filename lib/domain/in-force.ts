import { parseImage } from '@/lib/domain/image';

/** A finished rollback is watched over for so long, unless something closes it before. */
export const IN_FORCE_MS = 7 * 86_400_000;

/** What a deployment did to a rollback in force. Only `newer` closes it by itself. */
export const FINDINGS = ['returned-to-bad', 'settings-replaced', 'newer'] as const;

export type OverwriteFinding = (typeof FINDINGS)[number];

/** A container's image: every reference it is known by, and the digest that ran, where known. */
export type RunImage = { readonly references: readonly string[]; readonly digest: string | null };

/** By container name. */
export type RunImages = ReadonlyMap<string, RunImage>;

/** A rollback in force, and what runs now. */
export type InForceQuestion = {
  /** The version left, and the copy that was put in its place. */
  readonly left: { readonly arn: string; readonly images: RunImages };
  readonly ours: { readonly arn: string; readonly images: RunImages };
  readonly now: {
    readonly arn: string;
    readonly images: RunImages;
    /** Whether its rollout has ended: until then ECS may still put ours back. */
    readonly settled: boolean;
  };
  /** Copies of every other rollback of ours in this service. */
  readonly otherCopies: ReadonlySet<string>;
  /** Whether what runs is set up as ours is; `null` where either definition was not read. */
  readonly sameSettings: boolean | null;
};

/**
 * What became of a rollback in force: `in-force` while nothing did, `wait` where the next reading will know more, `ours`
 * where another rollback of this tool replaced it, of which nothing is said.
 */
export type InForceVerdict = OverwriteFinding | 'in-force' | 'ours' | 'wait';

/** Whether a deployment overwrote a rollback in force, and with what. */
export function inForceVerdict({ left, ours, now, otherCopies, sameSettings }: InForceQuestion): InForceVerdict {
  if (now.arn === ours.arn) return 'in-force';
  if (otherCopies.has(now.arn)) return 'ours';
  if (isLeft(now, left) || returned(now.images, left.images, ours.images)) return 'returned-to-bad';
  const shared = [...now.images].flatMap(([name, image]) => {
    const own = ours.images.get(name);
    return own === undefined ? [] : [isSame(image, own)];
  });
  if (shared.length > 0 && shared.every(Boolean)) {
    if (sameSettings === null) return 'wait';
    return sameSettings ? 'in-force' : 'settings-replaced';
  }
  return now.settled ? 'newer' : 'wait';
}

/** The very revision that was left, unless it certainly runs other images now. */
const isLeft = (now: InForceQuestion['now'], left: InForceQuestion['left']): boolean =>
  now.arn === left.arn &&
  [...now.images].every(([name, { digest }]) => {
    const before = left.images.get(name)?.digest ?? null;
    return digest === null || before === null || digest === before;
  });

/** Whether any container runs the image it had when it was left, and that is not ours. */
const returned = (now: RunImages, left: RunImages, ours: RunImages): boolean =>
  [...now].some(([name, image]) => {
    const [before, own] = [left.get(name), ours.get(name)];
    if (before === undefined || (own !== undefined && isSame(image, own))) return false;
    if (image.digest !== null && image.digest === before.digest) return true;
    // A tag that both versions have moves, and tells neither from the other.
    return sharesTag(image, before) && !(own !== undefined && sharesTag(image, own));
  });

/** By digest where both are known: one tag may name two images. */
const isSame = (a: RunImage, b: RunImage): boolean =>
  a.digest !== null && b.digest !== null ? a.digest === b.digest : sharesTag(a, b);

const sharesTag = (a: RunImage, b: RunImage): boolean => {
  const tags = new Set(a.references.flatMap(taggedName));
  return b.references.flatMap(taggedName).some((tag) => tags.has(tag));
};

function taggedName(reference: string): readonly string[] {
  const { name, tag, digest } = parseImage(reference);
  return tag === null && digest !== null ? [] : [`${name}:${tag ?? 'latest'}`];
}
