import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { diff } from '@/lib/domain/diff';
import {
  apiDefinition,
  arnOf,
  asRevision,
  digestOf,
  draft,
  facts,
  NOW,
  normalised,
  pastRollback,
  revisionOf,
  serviceDeployment,
  unread,
  version,
  wish,
} from '@/lib/domain/fixtures';
import type { Pin } from '@/lib/domain/pins';
import { ok } from '@/lib/result';
import { alreadyRunning, beingDeleted, completeCopy, family, lessResources, revisionReadable } from './definition';

const DAY = 86_400_000;
const blocks = (words: string) => ({ kind: 'blocks', words });
const warns = (words: string) => ({ kind: 'warns', words });

describe('revision-readable', () => {
  it('passes a revision that was read', () => {
    expect(revisionReadable(facts()).kind).toBe('passed');
  });

  it('blocks one that was not, in AWS’s words', () => {
    const words = 'ClientException: Unable to describe task definition.';
    expect(revisionReadable(facts({ wish: wish({ to: 'api:405' }), wanted: unread({ words }) }))).toEqual(
      blocks(`Revision 405 cannot be read, so it cannot be copied: ${words}`),
    );
  });
});

describe('being-deleted', () => {
  it.each([
    ['ACTIVE', 'passed'],
    ['INACTIVE', 'passed'],
    ['DELETE_IN_PROGRESS', 'warns'],
  ])('of the status %s %s', (status, kind) => {
    const wanted = ok(revisionOf(asRevision(apiDefinition(421), 412), { status }));
    const finding = beingDeleted(facts({ wanted }));
    expect(finding.kind).toBe(kind);
    if (kind === 'warns') expect(finding.words).toBe('Revision 412 is being deleted. It can still be copied now.');
  });

  it('leaves a revision that was not read to another check', () => {
    expect(beingDeleted(facts({ wanted: unread() })).kind).toBe('passed');
  });
});

describe('family', () => {
  const admin = (registeredAt: number | null) =>
    ok(revisionOf({ family: 'admin', revision: 12, taskDefinitionArn: arnOf('admin:12') }, { registeredAt }));

  it('passes the family that runs', () => {
    expect(family(facts()).kind).toBe('passed');
    expect(family(facts({ wanted: unread() })).kind).toBe('passed');
  });

  it('passes another one that ran here, by ECS’s history or by our record', () => {
    const deployments = ok([serviceDeployment('admin:12', NOW - 60 * DAY)]);
    expect(family(facts({ wanted: admin(NOW - 80 * DAY), deployments })).kind).toBe('passed');
    expect(family(facts({ wanted: admin(null), past: [pastRollback({ originArn: arnOf('admin:12') })] })).kind).toBe(
      'passed',
    );
    expect(family(facts({ wanted: admin(null), past: [pastRollback({ copyArn: arnOf('admin:12') })] })).kind).toBe(
      'passed',
    );
  });

  it('blocks another one that never ran here', () => {
    expect(family(facts({ wanted: admin(NOW - DAY) }))).toEqual(
      blocks('admin:12 is of another family and never ran in api.'),
    );
  });

  it('does not say never where nobody knows', () => {
    const words = 'admin:12 is of another family, and we do not know whether it ever ran in api.';
    expect(family(facts({ wanted: admin(NOW - 100 * DAY) }))).toEqual(blocks(words));
    expect(family(facts({ wanted: admin(null) }))).toEqual(blocks(words));
  });

  it('is not checked where the history could not be read', () => {
    const deployments = unread({ action: 'ecs:ListServiceDeployments' });
    expect(family(facts({ wanted: admin(NOW - DAY), deployments }))).toEqual({
      kind: 'not-checked',
      words:
        'Whether admin:12 of another family ever ran in api: not checked (no permission to ecs:ListServiceDeployments).',
    });
  });
});

describe('already-running', () => {
  const pin = (fate: Pin['fate']): Pin => ({
    container: 'app',
    written: 'x:main',
    image: 'x:main',
    fate,
    tag: 'main',
    ran: null,
    registry: null,
    today: null,
  });
  const words = 'api already runs release-1119. There is nothing to roll back.';

  it('passes where something differs', () => {
    expect(alreadyRunning(facts(), draft()).kind).toBe('passed');
  });

  it('blocks where nothing does, by what is in it and not by its number', () => {
    expect(alreadyRunning(facts(), draft({ changes: [] }))).toEqual(blocks(words));
  });

  it.each(['unknown', 'not-checked'] as const)('passes the same words with an image that is %s', (fate) => {
    expect(alreadyRunning(facts(), draft({ changes: [], pins: [pin(fate)] })).kind).toBe('passed');
  });

  it.each<readonly [string, Partial<Pin>, string]>([
    ['that runs, though its registry is closed', { fate: 'not-checked', ran: digestOf('bb1123') }, 'blocks'],
    ['that another image than what runs took the tag of', { fate: 'not-checked', ran: digestOf('0ther') }, 'passed'],
    ['of which only today is known, and that runs', { fate: 'unknown', today: digestOf('bb1123') }, 'blocks'],
    ['of which only today is known, and that does not run', { fate: 'unknown', today: digestOf('0ther') }, 'passed'],
    ['written by digest', { fate: 'unmoved', written: `x@${digestOf('bb1123')}` }, 'blocks'],
  ])('judges the same words with an image %s by its digest', (_which, change, kind) => {
    const pins = [{ ...pin('unmoved'), ...change }];
    expect(alreadyRunning(facts(), draft({ changes: [], pins })).kind).toBe(kind);
  });

  it('passes the same words while nobody knows which image runs', () => {
    const from = version(apiDefinition(428), { digests: new Map() });
    const pins = [{ ...pin('unmoved'), ran: digestOf('bb1123') }];
    expect(alreadyRunning(facts(), draft({ changes: [], pins, from })).kind).toBe('passed');
    const named = facts({ wish: wish({ to: 'api:428', ran: 'older' }) });
    expect(alreadyRunning(named, draft({ changes: [], pins, from, to: from })).kind).toBe('passed');
  });

  it('blocks the very revision that runs', () => {
    const running = version(apiDefinition(428));
    const same = draft({ changes: [], pins: [pin('unknown')], from: running, to: { ...running, digests: new Map() } });
    expect(alreadyRunning(facts(), same).kind).toBe('blocks');
  });
});

describe('complete-copy', () => {
  it('passes a definition whose every field can be copied, and a stop', () => {
    expect(completeCopy(facts(), draft()).kind).toBe('passed');
    expect(completeCopy(facts(), draft({ source: null })).kind).toBe('passed');
  });

  it('blocks one with a field nobody here knows, and names it', () => {
    const source = revisionOf(apiDefinition(421), { unknownFields: ['containerDefinitions[0].novelty', 'other'] });
    expect(completeCopy(facts(), draft({ source }))).toEqual(
      blocks('Revision 421 has a field this tool cannot copy (containerDefinitions[0].novelty).'),
    );
  });
});

describe('complete-copy, by its size', () => {
  const padded = (image: string, padding: number): TaskDefinition => ({
    ...apiDefinition(421),
    containerDefinitions: [{ name: 'app', image, environment: [{ name: 'PADDING', value: 'é'.repeat(padding) }] }],
  });
  const tagged = 'registry.example/app:main';
  const fixed = `registry.example/app@${digestOf('aa')}`;
  const pin = fixed.length - tagged.length;
  const least = revisionOf(padded(tagged, 0)).bytes;
  const judged = (bytes: number, image: string) => {
    const padding = Math.floor((bytes - least) / 2);
    const source = revisionOf(padded(tagged, padding));
    return completeCopy(facts(), draft({ source, shown: revisionOf(padded(image, padding)).shown }));
  };

  it('passes what ECS registers, to the last byte', () => {
    expect(judged(65_536, tagged).kind).toBe('passed');
    expect(judged(65_536 - pin, fixed).kind).toBe('passed');
  });

  it('blocks what is larger, in bytes and not in letters', () => {
    const words = 'The copy of revision 421 would be larger than the 64 KiB that ECS registers.';
    expect(judged(65_538, tagged)).toEqual(blocks(words));
  });

  it('blocks what fits with its tag and does not with its digest', () => {
    expect(judged(65_538 - pin, tagged).kind).toBe('passed');
    expect(judged(65_538 - pin, fixed).kind).toBe('blocks');
  });

  it('counts what is sent and nothing that ECS writes itself', () => {
    const { bytes } = revisionOf(apiDefinition(421));
    expect(revisionOf({ ...apiDefinition(421), registeredBy: 'x'.repeat(999), status: 'INACTIVE' }).bytes).toBe(bytes);
    expect(revisionOf({ ...apiDefinition(421), taskRoleArn: undefined }).bytes).toBeLessThan(bytes);
  });
});

describe('less-resources', () => {
  const changes = (now: object, willBe: object) => diff(normalised(now), normalised(willBe));
  const app = (change: object) => ({ containerDefinitions: [{ name: 'app', image: 'a', ...change }] });
  const judged = (now: object, willBe: object) => lessResources(facts(), draft({ changes: changes(now, willBe) }));

  it('warns of memory and CPU that go down', () => {
    expect(judged({ memory: '2048' }, { memory: '1024' })).toEqual(warns('Memory goes down from 2048 to 1024 MiB.'));
    expect(judged({ cpu: '1 vCPU', memory: '2GB' }, { cpu: '512', memory: '1GB' })).toEqual(
      warns('CPU goes down from 1024 to 512 CPU units. Memory goes down from 2048 to 1024 MiB.'),
    );
    expect(judged(app({ memoryReservation: 512 }), app({ memoryReservation: 256 }))).toEqual(
      warns('Memory reservation of app goes down from 512 to 256 MiB.'),
    );
    const gpu = (value: string) => app({ resourceRequirements: [{ type: 'GPU', value }] });
    expect(judged(gpu('2'), gpu('1'))).toEqual(warns('GPU of app goes down from 2 to 1.'));
  });

  it('passes what stays, goes up, comes or goes', () => {
    expect(judged({ memory: '1024' }, { memory: '2048' }).kind).toBe('passed');
    expect(judged({}, { memory: '1024' }).kind).toBe('passed');
    expect(judged(app({ memory: 512 }), app({})).kind).toBe('passed');
    expect(judged({ taskRoleArn: 'role/2' }, { taskRoleArn: 'role/1' }).kind).toBe('passed');
  });

  it('compares numbers, not texts', () => {
    expect(judged({ memory: '512' }, { memory: '1024' }).kind).toBe('passed');
    expect(judged({ memory: '1024' }, { memory: '512' }).kind).toBe('warns');
  });
});
