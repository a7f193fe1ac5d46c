import { describe, expect, it } from 'vitest';
import { CONTAINER, ecrImage, smallWorld } from './fixtures';
import { ecrReference, outcomeOf, pulled } from './images';
import { knownRevision } from './lookup';

const HOST = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('an image reference', () => {
  it.each<readonly [string, ReturnType<typeof ecrReference>]>([
    ['nginx', null],
    ['localhost:5000/team/app', null],
    ['public.ecr.aws/nginx/nginx:1', null],
    [
      `${HOST}/team/app:1.2`,
      { account: '111111111111', region: 'eu-west-1', repository: 'team/app', tag: '1.2', digest: null },
    ],
    [`${HOST}/app`, { account: '111111111111', region: 'eu-west-1', repository: 'app', tag: 'latest', digest: null }],
    [
      `${HOST}/app@${DIGEST}`,
      { account: '111111111111', region: 'eu-west-1', repository: 'app', tag: null, digest: DIGEST },
    ],
    [
      `${HOST}/app:1@${DIGEST}`,
      { account: '111111111111', region: 'eu-west-1', repository: 'app', tag: '1', digest: DIGEST },
    ],
    [
      '123456789012.dkr-ecr.eu-west-1.on.aws/app:1',
      { account: '123456789012', region: 'eu-west-1', repository: 'app', tag: '1', digest: null },
    ],
  ])('%s is read as ECS reads it', (image, reference) => expect(ecrReference(image)).toEqual(reference));
});

describe('pulling', () => {
  it('finds what a tag names now, or a digest as long as it exists', () => {
    const { world, push } = smallWorld();
    const first = push('app', 'main');
    const second = push('app', 'main');
    expect(pulled(world, ecrImage('app', 'main'))).toBe(second);
    expect(pulled(world, `${HOST}/app@${first.digest}`)).toBe(first);
  });

  it('fails for a tag, a repository or a registry that is not there, and for an archived image', () => {
    const { world, push } = smallWorld();
    const image = push('app', 'main');
    expect(pulled(world, ecrImage('app', 'other'))).toBe('missing');
    expect(pulled(world, ecrImage('other', 'main'))).toBe('missing');
    expect(pulled(world, 'registry.invalid/app:1')).toBe('missing');
    image.status = 'ARCHIVED';
    expect(pulled(world, ecrImage('app', 'main'))).toBe('missing');
    expect(pulled(world, 'nginx:1')).toBe('elsewhere');
  });

  it('gives a task the fate of its image, whatever definition runs it', () => {
    const { world, region, push, register } = smallWorld();
    push('app', 'bad').fate = 'crash';
    const container = { ...CONTAINER, image: ecrImage('app', 'bad') };
    const revision = knownRevision(region, register('s', { containerDefinitions: [container] }));
    expect(outcomeOf(world, revision, {}).fate).toBe('crash');
  });
});
