import { describe, expect, it } from 'vitest';
import type { Fact, RegistryImage } from './facts';
import { digestOf, registryImage, unread } from './fixtures';
import { pinsOf, pinsOfStop, resultingDigests, type TagFate } from './pins';

const RAN = digestOf('ab12cd34');
const OTHER = digestOf('ff00');
const TAGGED = 'registry.test/app:main';
const FIXED = `registry.test/app@${RAN}`;

type Registry = ReadonlyMap<string, Fact<RegistryImage>>;
const registry = (tagged: Fact<RegistryImage> | null, fixed: Fact<RegistryImage> | null = null): Registry =>
  new Map([
    ...(tagged === null ? [] : [[TAGGED, tagged] as const]),
    ...(fixed === null ? [] : [[FIXED, fixed] as const]),
  ]);

const pinned = (images: Registry, { written = TAGGED, ran = RAN as string | null } = {}) => {
  const question = {
    images: new Map([['app', written]]),
    digests: new Map(ran === null ? [] : [['app', ran]]),
    registry: images,
  };
  const [pin] = pinsOf(question);
  if (pin === undefined) throw new Error('no pin');
  return { pin, digests: resultingDigests([pin]), stop: pinsOfStop(question)[0] };
};

describe('an image that comes back', () => {
  it.each<[string, Registry, TagFate, string, string | undefined]>([
    ['whose tag still names it stays as written', registry(registryImage(RAN)), 'unmoved', TAGGED, RAN],
    ['whose tag moved is fixed to what ran', registry(registryImage(OTHER), registryImage(RAN)), 'moved', FIXED, RAN],
    ['whose tag is gone is fixed to what ran', registry(registryImage(null), registryImage(RAN)), 'moved', FIXED, RAN],
    [
      'whose tag moved and which is gone stays as written',
      registry(registryImage(OTHER), registryImage(null)),
      'gone',
      TAGGED,
      RAN,
    ],
    [
      'whose tag moved and which is archived is as good as gone',
      registry(registryImage(OTHER), registryImage(RAN, { usable: false })),
      'gone',
      TAGGED,
      RAN,
    ],
    [
      'that is gone, tag and all, stays as written',
      registry(registryImage(null), registryImage(null)),
      'unmoved',
      TAGGED,
      RAN,
    ],
    ['that nobody could look up stays as written', registry(unread()), 'not-checked', TAGGED, undefined],
    ['that nobody looked up stays as written', registry(null), 'not-checked', TAGGED, undefined],
    [
      'whose tag moved, where nobody could look for what ran, stays as written',
      registry(registryImage(OTHER), unread()),
      'not-checked',
      TAGGED,
      undefined,
    ],
  ])('%s', (_what, images, fate, image, digest) => {
    const { pin, digests } = pinned(images);
    expect(pin).toMatchObject({ fate, image, written: TAGGED, tag: 'main', ran: RAN });
    expect(digests.get('app')).toBe(digest);
  });

  it('of which nobody knows what ran is today’s', () => {
    const { pin, digests } = pinned(registry(registryImage(OTHER)), { ran: null });
    expect(pin).toMatchObject({ fate: 'unknown', image: TAGGED, ran: null, today: OTHER });
    expect(digests.get('app')).toBe(OTHER);
  });

  it.each([
    ['could not be asked', unread()],
    ['is not one that can be asked', null],
  ])('of which nobody knows what ran is not known, though the registry %s', (_why, tagged) => {
    const { pin, digests } = pinned(registry(tagged), { ran: null });
    expect(pin).toMatchObject({ fate: 'unknown', image: TAGGED, today: null });
    expect(digests.size).toBe(0);
  });

  it('that is written by digest is what it is', () => {
    const images = new Map([[FIXED, registryImage(RAN)]]);
    const { pin } = pinned(images, { written: FIXED, ran: OTHER });
    expect(pin).toMatchObject({ fate: 'unmoved', image: FIXED, tag: null, ran: RAN });
    expect(pin.registry).toBe(images.get(FIXED));
  });

  it('without a tag has the tag latest', () => {
    const images = new Map([
      ['nginx', registryImage(OTHER)],
      [`nginx@${RAN}`, registryImage(RAN)],
    ]);
    expect(pinned(images, { written: 'nginx' }).pin).toMatchObject({
      fate: 'moved',
      tag: 'latest',
      image: `nginx@${RAN}`,
    });
  });

  it('is judged by what the registry says of what would be registered', () => {
    expect(pinned(registry(registryImage(OTHER), registryImage(RAN))).pin.registry).toEqual(registryImage(RAN));
    expect(pinned(registry(registryImage(OTHER), registryImage(null))).pin.registry).toEqual(registryImage(OTHER));
  });
});

describe('an image ECS itself returns to', () => {
  it('is the one that ran, wherever its tag points now, and must be there by its digest', () => {
    expect(pinned(registry(registryImage(OTHER), registryImage(RAN))).stop).toMatchObject({
      image: FIXED,
      fate: 'unmoved',
      registry: registryImage(RAN),
    });
    expect(pinned(registry(registryImage(OTHER), registryImage(null))).stop).toMatchObject({
      image: FIXED,
      fate: 'unmoved',
      registry: registryImage(null),
    });
    expect(pinned(registry(unread(), null)).stop).toMatchObject({ image: FIXED, registry: null });
  });

  it('of which nobody knows what ran is as doubtful as any', () => {
    expect(pinned(registry(registryImage(OTHER)), { ran: null }).stop).toMatchObject({
      fate: 'unknown',
      image: TAGGED,
    });
  });
});
