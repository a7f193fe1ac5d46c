import { describe, expect, it } from 'vitest';
import { digestOf, draft, facts, registryImage, unread } from '@/lib/domain/fixtures';
import type { Pin } from '@/lib/domain/pins';
import { imageDigest, imagesExist } from './images';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/notify';
const RAN = digestOf('ab12cd34');

const pin = (change: Partial<Pin> = {}): Pin => {
  const image = change.image ?? `${ECR}/notifications-api:release-1098`;
  return {
    container: 'app',
    written: image,
    image,
    fate: 'unmoved',
    tag: 'release-1098',
    ran: RAN,
    registry: registryImage(RAN),
    today: RAN,
    ...change,
  };
};

const exist = (...pins: readonly Pin[]) => imagesExist(facts(), draft({ pins }));
const digest = (...pins: readonly Pin[]) => imageDigest(facts(), draft({ pins }));
const notChecked = (words: string) => ({ kind: 'not-checked', words });

describe('images-exist', () => {
  it('passes images the registry has', () => {
    expect(exist(pin()).kind).toBe('passed');
    expect(exist(pin(), pin({ container: 'nginx' })).kind).toBe('passed');
  });

  it('blocks one that is gone', () => {
    expect(exist(pin(), pin({ registry: registryImage(null) }))).toEqual({
      kind: 'blocks',
      words: 'The image notifications-api:release-1098 no longer exists. Tasks could not start.',
    });
  });

  it('blocks one that is archived, which cannot be pulled', () => {
    expect(exist(pin({ registry: registryImage(RAN, { usable: false }) }))).toEqual({
      kind: 'blocks',
      words: 'The image notifications-api:release-1098 is archived and cannot be pulled. Tasks could not start.',
    });
  });

  it('leaves a tag that names another image to the check of digests', () => {
    expect(exist(pin({ fate: 'gone', registry: registryImage(digestOf('ff')) })).kind).toBe('passed');
  });

  it.each([
    ['no permission to ecr:DescribeImages', unread()],
    ['AWS asked us to slow down', unread({ kind: 'throttled' })],
    ['AWS did not answer', unread({ kind: 'no-answer' })],
    ['repository is a cache', unread({ kind: 'unsupported', words: 'repository is a cache.' })],
    ['not asked', null],
  ])('is not checked, and says why: %s', (why, registry) => {
    expect(exist(pin({ registry }))).toEqual(
      notChecked(`Whether notifications-api:release-1098 exists: not checked (${why}).`),
    );
  });

  it('is not checked for a registry that is not ECR', () => {
    expect(exist(pin({ image: 'ghcr.io/o/r:1', registry: null }), pin({ image: 'nginx:1', registry: null }))).toEqual(
      notChecked('Whether r:1, nginx:1 exist: not checked (not an ECR registry).'),
    );
  });

  it('blocks for one that is gone even where another could not be asked', () => {
    expect(exist(pin({ registry: unread() }), pin({ registry: registryImage(null) })).kind).toBe('blocks');
  });
});

describe('image-digest', () => {
  it('passes tags that still name what ran', () => {
    expect(digest(pin()).kind).toBe('passed');
    expect(digest().kind).toBe('passed');
  });

  it('warns of a tag that moved, names the image that ran, and has it ticked', () => {
    expect(digest(pin({ fate: 'moved', tag: 'main', today: digestOf('ff') }))).toEqual({
      kind: 'warns',
      words: 'The tag main names another image now. We will use the one that ran: sha256:ab12cd34…',
      short: 'the tag main has moved',
    });
    expect(digest(pin({ fate: 'moved', tag: 'main', today: null })).words).toContain(
      'The tag main names no image now.',
    );
  });

  it('warns where nobody knows what ran', () => {
    const registry = registryImage(digestOf('ff'), { pushedAt: Date.UTC(2026, 10, 14, 20, 2) });
    expect(digest(pin({ fate: 'unknown', tag: 'main', ran: null, registry }))).toEqual({
      kind: 'warns',
      words: "We do not know which image ran as main. ECS will use today's, pushed 14 Nov 20:02 UTC.",
      short: 'it is not known which image ran as main',
    });
    const silent = registryImage(digestOf('ff'), { pushedAt: null });
    expect(digest(pin({ fate: 'unknown', tag: 'main', ran: null, registry: silent })).words).toBe(
      "We do not know which image ran as main. ECS will use today's.",
    );
  });

  it.each([
    ['no permission to ecr:DescribeImages', `${ECR}/app:main`, unread()],
    ['not an ECR registry', 'ghcr.io/o/r:main', null],
  ])('warns where nobody knows what ran, and the registry was not asked: %s', (why, image, registry) => {
    expect(digest(pin({ fate: 'unknown', tag: 'main', ran: null, image, registry }))).toEqual({
      kind: 'warns',
      words: `We do not know which image ran as main. ECS will use today's, which was not looked at (${why}).`,
      short: 'it is not known which image ran as main',
    });
  });

  it('leaves an image that is not there at all to the other check', () => {
    expect(digest(pin({ fate: 'unknown', ran: null, registry: registryImage(null) })).kind).toBe('passed');
  });

  it('blocks where what ran is gone and the tag names another', () => {
    expect(digest(pin({ fate: 'gone', tag: 'main' }), pin({ fate: 'moved' }))).toEqual({
      kind: 'blocks',
      words: 'The image that ran as main is gone; the tag names another.',
    });
  });

  it('says all that is doubtful at once', () => {
    const unknown = pin({
      fate: 'unknown',
      tag: 'latest',
      ran: null,
      registry: registryImage(RAN, { pushedAt: null }),
    });
    expect(digest(pin({ fate: 'moved', tag: 'main' }), unknown)).toMatchObject({
      short: 'the tag main has moved; it is not known which image ran as latest',
    });
  });

  it('is not checked where the registry could not be asked', () => {
    expect(digest(pin(), pin({ fate: 'not-checked', registry: unread() }))).toEqual(
      notChecked('Whether the tags still name the images that ran: not checked (no permission to ecr:DescribeImages).'),
    );
  });
});
