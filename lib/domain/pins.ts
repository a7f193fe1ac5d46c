import type { Fact, RegistryImage } from '@/lib/domain/facts';
import { parseImage, pinned } from '@/lib/domain/image';
import type { Digests } from '@/lib/domain/service';

/** What became of the tag a container's image was written with. */
export type TagFate =
  /** It still names the image that ran, or the image is written by digest. */
  | 'unmoved'
  /** It names another now, or none; the one that ran is still there and is used. */
  | 'moved'
  /** It names another now, and the one that ran is gone. */
  | 'gone'
  /** Which image ran is not known; today's would be used. */
  | 'unknown'
  /** The registry could not be asked about the image that ran. */
  | 'not-checked';

/** How one container's image would be registered. */
export type Pin = {
  readonly container: string;
  /** The reference as the version wanted has it. */
  readonly written: string;
  /** The reference as it would be registered. */
  readonly image: string;
  readonly fate: TagFate;
  readonly tag: string | null;
  /** Digest that ran, `null` where not known. */
  readonly ran: string | null;
  /** What the registry says of the reference that would be registered. */
  readonly registry: Fact<RegistryImage> | null;
  /** Digest the reference as written names now; `null` where it names none, or nobody knows. */
  readonly today: string | null;
};

/** Images by container name, the digests they ran with, and what the registry says of references. */
export type PinQuestion = {
  readonly images: ReadonlyMap<string, string>;
  readonly digests: Digests;
  readonly registry: ReadonlyMap<string, Fact<RegistryImage>>;
};

/** Decides for every container whether its image is registered as written or fixed to the digest that ran. */
export function pinsOf({ images, digests, registry }: PinQuestion): readonly Pin[] {
  return [...images].map(([container, written]) => {
    const reference = parseImage(written);
    const ran = reference.digest ?? digests.get(container) ?? null;
    const atTag = registry.get(written) ?? null;
    const fixed = ran === null ? null : pinned(reference, ran);
    const atDigest = fixed === null ? null : (registry.get(fixed) ?? null);
    const fate = reference.digest !== null ? 'unmoved' : fateOf(ran, atTag, atDigest);
    const usesFixed = fate === 'moved' && fixed !== null;
    return {
      container,
      written,
      image: usesFixed ? fixed : written,
      fate,
      tag: reference.tag ?? (reference.digest === null ? 'latest' : null),
      ran,
      registry: usesFixed ? atDigest : atTag,
      today: atTag?.ok ? atTag.value.digest : null,
    };
  });
}

function fateOf(ran: string | null, atTag: Fact<RegistryImage> | null, atDigest: Fact<RegistryImage> | null): TagFate {
  // That nobody knows what ran is worse than that nobody could look whether it is still there.
  if (ran === null) return 'unknown';
  if (atTag === null || !atTag.ok) return 'not-checked';
  if (atTag.value.digest === ran) return 'unmoved';
  if (atDigest === null || !atDigest.ok) return 'not-checked';
  if (atDigest.value.usable) return 'moved';
  // A tag that names nothing is a missing image, which another check says.
  return atTag.value.digest === null ? 'unmoved' : 'gone';
}

/** The digests tasks would run with, as far as they are certain: those of an image nobody could check are not. */
export const resultingDigests = (pins: readonly Pin[]): Digests =>
  new Map(
    pins.flatMap(({ container, fate, ran, today }) => {
      const digest = fate === 'unknown' ? today : fate === 'not-checked' ? null : ran;
      return digest === null ? [] : [[container, digest] as const];
    }),
  );

/** Pins of a stop: ECS itself returns to the images that ran, whatever their tags name now. */
export const pinsOfStop = (question: PinQuestion): readonly Pin[] =>
  pinsOf(question).map((pin) => {
    if (pin.ran === null || pin.fate === 'unmoved') return pin;
    const image = pinned(parseImage(pin.written), pin.ran);
    return { ...pin, image, fate: 'unmoved', registry: question.registry.get(image) ?? null };
  });
