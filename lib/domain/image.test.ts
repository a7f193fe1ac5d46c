import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, service, shownOf } from './fixtures';
import { API, FAMILIES } from './fixtures/families';
import {
  containerImages,
  ecrImage,
  imagesToBring,
  mainContainerOf,
  parseImage,
  pinned,
  shortDigest,
  shortImage,
  tagOf,
} from './image';

const D = digestOf('ab12cd34');
const E = '123456789012.dkr.ecr';

/** Text, registry, repository, tag, digest: the table of what ECS accepts. */
const REFERENCES: readonly (readonly [string, string | null, string, string | null, string | null])[] = [
  ['nginx', null, 'nginx', null, null],
  ['nginx:1.27', null, 'nginx', '1.27', null],
  [`nginx:1.27@${D}`, null, 'nginx', '1.27', D],
  [`nginx@${D}`, null, 'nginx', null, D],
  ['amazon/amazon-ecs-agent:latest', null, 'amazon/amazon-ecs-agent', 'latest', null],
  ['localhost:5000/team/app', 'localhost:5000', 'team/app', null, null],
  ['localhost:5000/team/app:v1', 'localhost:5000', 'team/app', 'v1', null],
  ['localhost/app', 'localhost', 'app', null, null],
  [`my.reg:8443/a/b/c@${D}`, 'my.reg:8443', 'a/b/c', null, D],
  ['public.ecr.aws/nginx/nginx:1', 'public.ecr.aws', 'nginx/nginx', '1', null],
  ['ghcr.io/o/r:t', 'ghcr.io', 'o/r', 't', null],
  [`${E}.eu-west-1.amazonaws.com/team/app:2024.1`, `${E}.eu-west-1.amazonaws.com`, 'team/app', '2024.1', null],
  [`${E}.eu-west-1.amazonaws.com/team/app@${D}`, `${E}.eu-west-1.amazonaws.com`, 'team/app', null, D],
  [
    '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/a:b',
    '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
    'a',
    'b',
    null,
  ],
  ['123456789012.dkr-ecr.eu-west-1.on.aws/app:1', '123456789012.dkr-ecr.eu-west-1.on.aws', 'app', '1', null],
  [`${E}.cn-north-1.amazonaws.com.cn/x`, `${E}.cn-north-1.amazonaws.com.cn`, 'x', null, null],
  [`${E}.eusc-de-east-1.amazonaws.eu/x:1`, `${E}.eusc-de-east-1.amazonaws.eu`, 'x', '1', null],
  [`${E}.eu-west-1.amazonaws.com.evil.example/x:1`, `${E}.eu-west-1.amazonaws.com.evil.example`, 'x', '1', null],
];

describe('an image reference', () => {
  it.each(REFERENCES)('%s is split where a container runtime splits it', (text, registry, repository, tag, digest) => {
    expect(parseImage(text)).toMatchObject({ registry, repository, tag, digest });
  });

  it.each([
    ['nginx', 'latest'],
    ['nginx:1.27', '1.27'],
    [`nginx@${D}`, 'sha256:ab12cd34'],
  ])('%s is called %s by people', (text, tag) => {
    expect(tagOf(text)).toBe(tag);
  });

  it('put together again from its parts is what it was', () => {
    const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
    const reference = fc.record({
      registry: fc.option(
        fc.constantFrom('localhost', 'localhost:5000', 'my.reg:8443', `${E}.eu-west-1.amazonaws.com`),
      ),
      repository: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/)),
      digest: fc.option(fc.constant(D)),
    });
    fc.assert(
      fc.property(reference, ({ registry, repository, tag, digest }) => {
        const name = registry === null ? repository : `${registry}/${repository}`;
        const text = `${name}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
        expect(parseImage(text)).toEqual({ name, registry, repository, tag, digest });
      }),
    );
  });

  it('fixed to a digest loses its tag, because ECS documents name@digest only', () => {
    expect(pinned(parseImage('localhost:5000/team/app:v1'), D)).toBe(`localhost:5000/team/app@${D}`);
  });

  it('is cut from the registry’s end when space is short, never from the tag’s', () => {
    expect(shortImage(`${E}.eu-west-1.amazonaws.com/team/app:release-1119`)).toBe('app:release-1119');
    expect(shortImage(`${E}.eu-west-1.amazonaws.com/team/app@${D}`)).toBe('app@sha256:ab12cd34');
    expect(shortImage('nginx')).toBe('nginx');
    expect(shortDigest(D)).toBe('sha256:ab12cd34');
  });
});

describe('a private ECR image', () => {
  it.each([
    [`${E}.eu-west-1.amazonaws.com/team/app:2024.1`, 'eu-west-1', 'team/app', '2024.1', null],
    [`${E}.eu-west-1.amazonaws.com/team/app@${D}`, 'eu-west-1', 'team/app', null, D],
    ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/a:b', 'us-east-1', 'a', 'b', null],
    ['123456789012.dkr-ecr.eu-west-1.on.aws/app:1', 'eu-west-1', 'app', '1', null],
    [`${E}.cn-north-1.amazonaws.com.cn/x`, 'cn-north-1', 'x', null, null],
    [`${E}.eusc-de-east-1.amazonaws.eu/x:1`, 'eusc-de-east-1', 'x', '1', null],
  ])('%s is asked for in its own account and region', (text, region, repository, tag, digest) => {
    expect(ecrImage(text)).toEqual({ account: '123456789012', region, repository, tag, digest });
  });

  it.each([
    'nginx',
    'public.ecr.aws/nginx/nginx:1',
    'ghcr.io/o/r:t',
    'localhost:5000/team/app:v1',
    `${E}.eu-west-1.amazonaws.com.evil.example/x:1`,
    '12345.dkr.ecr.eu-west-1.amazonaws.com/x',
    `evil.example/${E}.eu-west-1.amazonaws.com/x:1`,
  ])('is not %s', (text) => {
    expect(ecrImage(text)).toBeNull();
  });
});

describe('the images of a definition', () => {
  const [older = {}, newer = {}] = API.map(shownOf);

  it('carry the digest written, else the one known', () => {
    const shown = {
      containerDefinitions: [{ name: 'a', image: `x@${D}` }, { name: 'b', image: 'y:1' }, { name: 'c' }],
    };
    expect(
      containerImages(
        shown,
        new Map([
          ['a', 'sha256:other'],
          ['b', 'sha256:known'],
        ]),
      ),
    ).toEqual([
      { container: 'a', image: `x@${D}`, short: 'x@sha256:ab12cd34', tag: null, digest: D },
      { container: 'b', image: 'y:1', short: 'y:1', tag: '1', digest: 'sha256:known' },
      { container: 'c', image: '', short: '', tag: null, digest: null },
    ]);
  });

  it('are brought back for containers of the same name, and the rest is named', () => {
    const [before = {}, after = {}] = (FAMILIES.sidecars ?? []).map(shownOf);
    const brought = imagesToBring(after, before);
    expect([...brought.images.keys()]).toEqual(['app']);
    expect(brought).toMatchObject({ keptAsToday: ['otel'], notBroughtBack: ['xray'], changed: ['app'], same: [] });
  });

  it('that are written alike are told from those that change', () => {
    expect(imagesToBring(newer, older)).toMatchObject({ changed: ['app'], same: ['nginx'], keptAsToday: [] });
  });
});

describe('the main container', () => {
  const shown = {
    family: 'family-name',
    containerDefinitions: [
      { name: 'sidecar', essential: false },
      { name: 'first' },
      { name: 'family-name' },
      { name: 'api' },
      { name: 'nginx' },
      { name: 'chosen' },
    ],
  };
  const unbalanced = service({ loadBalancers: [] });
  const without = (...names: readonly string[]) => ({
    ...shown,
    containerDefinitions: shown.containerDefinitions.filter(({ name }) => !names.includes(name)),
  });

  it.each([
    ['the configured one', { shown, service: service(), configured: 'chosen' }, 'chosen'],
    ['the one behind the load balancer', { shown, service: service(), configured: null }, 'nginx'],
    ['that too where the configured one is not there', { shown, service: service(), configured: 'gone' }, 'nginx'],
    ['the one named like the service', { shown, service: unbalanced, configured: null }, 'api'],
    ['the one named like the family', { shown: without('api'), service: unbalanced, configured: null }, 'family-name'],
    [
      'the first essential one',
      { shown: without('api', 'family-name'), service: unbalanced, configured: null },
      'first',
    ],
    [
      'the first of those that are all not essential',
      { shown: { containerDefinitions: [{ name: 'a', essential: false }] }, service: unbalanced, configured: null },
      'a',
    ],
  ])('is %s', (_which, question, expected) => {
    expect(mainContainerOf(question)?.name).toBe(expected);
  });

  it('of a definition without containers is none', () => {
    expect(mainContainerOf({ shown: {}, service: service(), configured: 'x' })).toBeNull();
  });
});
