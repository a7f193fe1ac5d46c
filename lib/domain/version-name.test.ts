import { describe, expect, it } from 'vitest';
import { apiDefinition, arnOf, asRevision, digestOf, pastRollback, revisionOf, service, TARGET } from './fixtures';
import type { PastRollback } from './past-rollback';
import type { Digests } from './service';
import type { Revision } from './task-definition';
import { versionOf } from './version-name';

type Named = { readonly past?: readonly PastRollback[]; readonly digests?: Digests };

const named = (revision: Revision, { past = [], digests = new Map() }: Named = {}) =>
  versionOf({ revision, digests, service: service(), target: TARGET, past });

/** Revision 429 of the story's family with another image in `app`. */
const copyWith = (image: string, tags: readonly { key: string; value: string }[] = []): Revision => {
  const definition = asRevision(apiDefinition(421), 429);
  const containerDefinitions = (definition.containerDefinitions ?? []).map((container) =>
    container.name === 'app' ? { ...container, image } : container,
  );
  return revisionOf({ ...definition, containerDefinitions }, { tags });
};

const tagsOf = (copiedFrom: string, id = 'rb-7k3f9q') => [
  { key: 'ecs-rollback:id', value: id },
  { key: 'ecs-rollback:copied-from', value: copiedFrom },
];

describe('the name of a version', () => {
  it('is image tag first, number second', () => {
    expect(named(revisionOf(apiDefinition(421)))).toMatchObject({
      name: 'release-1119 (421)',
      tag: 'release-1119',
      revision: 'api:421',
      number: 421,
    });
  });

  it('of a copy says what it is a copy of', () => {
    expect(named(copyWith('x/app:release-1119'), { past: [pastRollback()] }).name).toBe(
      'release-1119 (429, copy of 421)',
    );
  });

  it('of a copy with only the images brought back says whose', () => {
    const past = [pastRollback({ copiedFrom: 'api:428 images:421' })];
    expect(named(copyWith('x/app:release-1119'), { past }).name).toBe('release-1119 (429: 428 with images of 421)');
  });

  it('of a copy nobody here recorded is told by its own tags', () => {
    expect(named(copyWith('x/app:release-1119', tagsOf('api:428 images:421'))).name).toBe(
      'release-1119 (429: 428 with images of 421)',
    );
    expect(named(copyWith('x/app:release-1119', tagsOf('api:421'))).name).toBe('release-1119 (429, copy of 421)');
  });

  it('of a later revision that inherited a copy’s tags is no copy’s', () => {
    const past = [pastRollback({ copyArn: arnOf('api:428') })];
    expect(named(copyWith('x/app:release-1130', tagsOf('api:421')), { past }).name).toBe('release-1130 (429)');
  });

  it('of a copy fixed to a digest has its origin’s tag, as our record knows it', () => {
    const past = [pastRollback()];
    expect(named(copyWith(`x/app@${digestOf('ab12cd34')}`), { past })).toMatchObject({
      name: 'release-1119 (429, copy of 421)',
      tag: 'release-1119',
    });
  });

  it('without any tag is the digest’s first eight digits, and without one the number', () => {
    expect(named(copyWith(`x/app@${digestOf('ab12cd34')}`)).name).toBe('sha256:ab12cd34 (429)');
    const past = [pastRollback({ originTag: null })];
    expect(named(copyWith(`x/app@${digestOf('ab12cd34')}`), { past }).name).toBe('sha256:ab12cd34 (429, copy of 421)');
    const bare = revisionOf({ family: 'api', revision: 3, taskDefinitionArn: arnOf('api:3') });
    expect(named(bare)).toMatchObject({ name: 'revision 3', tag: null, images: [] });
  });

  it('of an image without tag and digest is latest', () => {
    expect(named(copyWith('x/app')).name).toBe('latest (429)');
  });

  it('is the tag of the main container and of no other', () => {
    const settings = {
      ...TARGET,
      services: [{ pattern: 'a*', mainContainer: 'nginx', checkUrl: null, operators: null, viewers: null }],
    };
    const version = versionOf({
      revision: revisionOf(apiDefinition(421)),
      digests: new Map(),
      service: service(),
      target: settings,
      past: [],
    });
    expect(version.name).toBe('1.29 (421)');
  });

  it('goes with the digests it was asked for', () => {
    const digests = new Map([['app', digestOf('ab')]]);
    const version = named(revisionOf(apiDefinition(421)), { digests });
    expect(version.digests).toBe(digests);
    expect(version.images.find(({ container }) => container === 'app')?.digest).toBe(digestOf('ab'));
  });
});
