import { describe, expect, it } from 'vitest';
import {
  type DEPLOYMENTS,
  draft,
  facts,
  NOW,
  pastRollback,
  service,
  serviceDeployment,
  unread,
} from '@/lib/domain/fixtures';
import type { ActiveRollback } from '@/lib/domain/past-rollback';
import type { Service } from '@/lib/domain/service';
import { ok } from '@/lib/result';
import {
  capacity,
  controller,
  rollbackActive,
  roomToReplace,
  serviceActive,
  slowStrategy,
  taskRange,
  zeroTasks,
} from './service';

const of = (change: Partial<Service>) => facts({ service: service(change) });
const blocks = (words: string) => ({ kind: 'blocks', words });
const warns = (words: string) => ({ kind: 'warns', words });

describe('service-active', () => {
  it('passes a service that is there and blocks one that is going or gone', () => {
    expect(serviceActive(facts()).kind).toBe('passed');
    expect(serviceActive(of({ status: 'DRAINING' }))).toEqual(blocks('api is being deleted.'));
    expect(serviceActive(of({ status: 'INACTIVE' }))).toEqual(blocks('api was deleted.'));
  });
});

describe('controller', () => {
  it('passes ECS’s own', () => {
    expect(controller(facts()).kind).toBe('passed');
    expect(controller(of({ resourceManagementType: 'CUSTOMER' })).kind).toBe('passed');
  });

  it.each([
    [
      { controller: 'CODE_DEPLOY' },
      'api is deployed by CodeDeploy. This tool cannot roll it back. Use the CodeDeploy console.',
    ],
    [
      { controller: 'EXTERNAL' },
      'api is deployed by an external controller. This tool cannot roll it back. Use the tool that made it.',
    ],
    [
      { resourceManagementType: 'ECS' },
      'api is an Express service. This tool cannot roll it back. Use the ECS console.',
    ],
  ])('blocks another: %j', (change, words) => {
    expect(controller(of(change))).toEqual(blocks(words));
  });
});

describe('rollback-active', () => {
  const active = (state: ActiveRollback['state'], id = 'rb-7k3f9q'): ActiveRollback => ({
    id,
    by: 'k.smith',
    startedAt: Date.UTC(2026, 10, 23, 2, 55),
    state,
  });

  it('passes where no other is under way', () => {
    expect(rollbackActive(facts(), draft()).kind).toBe('passed');
  });

  it.each(['starting', 'sending', 'unknown'] as const)(
    'blocks one that is %s: its request may still be on the way',
    (state) => {
      expect(rollbackActive(facts({ active: active(state) }), draft())).toEqual(
        blocks('k.smith started a rollback of api at 02:55 UTC.'),
      );
    },
  );

  it('warns of one that is watched: its request has landed', () => {
    expect(rollbackActive(facts({ active: active('watching') }), draft())).toEqual(
      warns("k.smith's rollback of api, started at 02:55 UTC, is still being watched. This one will replace it."),
    );
  });

  it('asks for no tick where the watched one is what is being stopped', () => {
    const stopped = serviceDeployment('api:429', NOW, { status: 'IN_PROGRESS' });
    const watched = facts({ active: active('watching'), past: [pastRollback()] });
    expect(rollbackActive(watched, draft({ kind: 'stop', stopped })).kind).toBe('passed');
    const other = serviceDeployment('api:430', NOW, { status: 'IN_PROGRESS' });
    expect(rollbackActive(watched, draft({ kind: 'stop', stopped: other })).kind).toBe('warns');
  });

  it('is not checked while our record does not answer', () => {
    expect(rollbackActive(facts({ recordKnown: false }), draft())).toEqual({
      kind: 'not-checked',
      words: 'Whether another rollback is running: not checked (our record does not answer).',
    });
  });
});

describe('room-to-replace', () => {
  it.each([
    [1, 100, 200, { least: 1, most: 2 }],
    [1, 100, 100, { least: 1, most: 1 }],
    [3, 100, 125, { least: 3, most: 3 }],
    [2, 75, 100, { least: 2, most: 2 }],
    [6, 50, 150, { least: 3, most: 9 }],
    [0, 100, 200, { least: 0, most: 0 }],
  ])(
    'counts for %i tasks from %i to %i percent as ECS does',
    (desiredCount, minimumHealthyPercent, maximumPercent, range) => {
      expect(taskRange(service({ desiredCount, minimumHealthyPercent, maximumPercent }))).toEqual(range);
    },
  );

  it('passes where ECS may start one more or stop one', () => {
    expect(roomToReplace(facts()).kind).toBe('passed');
    expect(roomToReplace(of({ desiredCount: 1, maximumPercent: 100, minimumHealthyPercent: 0 })).kind).toBe('passed');
  });

  it('blocks where it may do neither', () => {
    expect(roomToReplace(of({ desiredCount: 1, maximumPercent: 100 }))).toEqual(
      blocks('With 1 task, at least 100% and at most 100%, ECS can replace nothing.'),
    );
    expect(roomToReplace(of({ desiredCount: 3, maximumPercent: 125 }))).toEqual(
      blocks('With 3 tasks, at least 100% and at most 125%, ECS can replace nothing.'),
    );
  });

  it('warns of a daemon, whose instances stop their task before they start another', () => {
    const daemon = { schedulingStrategy: 'DAEMON', minimumHealthyPercent: 0 };
    expect(roomToReplace(of({ ...daemon, maximumPercent: 100 }))).toEqual(
      warns('api is a daemon: ECS runs one task on every instance, and stops each before it starts the new one.'),
    );
    expect(roomToReplace(of({ ...daemon, maximumPercent: 200 }))).toEqual(
      warns('api is a daemon: ECS runs one task on every instance.'),
    );
  });

  it('asks nothing of services that want no tasks, or are deployed another way', () => {
    const stuck = { maximumPercent: 100 };
    expect(roomToReplace(of({ ...stuck, desiredCount: 0 })).kind).toBe('passed');
    expect(roomToReplace(of({ ...stuck, strategy: 'BLUE_GREEN' })).kind).toBe('passed');
  });
});

describe('zero-tasks', () => {
  it('passes a service that wants tasks and warns of one that wants none', () => {
    expect(zeroTasks(facts()).kind).toBe('passed');
    expect(zeroTasks(of({ desiredCount: 0 }))).toEqual(
      warns('api wants 0 tasks. Nothing will run, so nothing will be proven.'),
    );
  });
});

describe('slow-strategy', () => {
  const judged = (change: Partial<Service>, deployments = ok<typeof DEPLOYMENTS>([])) =>
    slowStrategy({ ...of(change), deployments });

  it('passes rolling replacement', () => {
    expect(judged({}).kind).toBe('passed');
  });

  it('warns of what takes longer, and of what waits for a person', () => {
    const twenty = ok([serviceDeployment('api:421', NOW - 3_600_000, { finishedAt: NOW - 2_400_000 })]);
    expect(judged({ strategy: 'CANARY', hookCount: 1, pauseCount: 1 }, twenty)).toEqual(
      warns('api deploys by canary with a pause. Expect 20 min or more; someone must continue it in the ECS console.'),
    );
    expect(judged({ strategy: 'BLUE_GREEN', bakeMinutes: 10 })).toEqual(
      warns('api deploys by blue/green with 10 min of bake time. Expect 10 min or more.'),
    );
    expect(judged({ strategy: 'LINEAR' })).toEqual(warns('api deploys by linear shift. Expect it to take longer.'));
    expect(judged({ hookCount: 1 })).toEqual(
      warns('api deploys by rolling replacement with a hook. Expect it to take longer.'),
    );
    expect(judged({ bakeMinutes: 5, hookCount: 2, pauseCount: 1 }).words).toContain(
      'with 5 min of bake time, a pause and a hook. Expect 5 min or more; someone must',
    );
  });

  it('promises no time where none is known', () => {
    expect(slowStrategy({ ...of({ strategy: 'CANARY' }), deployments: unread() }).words).toContain(
      'Expect it to take longer.',
    );
  });
});

describe('capacity', () => {
  it('passes on Fargate, which brings its own', () => {
    expect(capacity(facts(), draft()).kind).toBe('passed');
    expect(capacity(of({ launchType: null, capacityProviders: ['FARGATE_SPOT'] }), draft()).kind).toBe('passed');
  });

  it('is not checked anywhere else', () => {
    const words = 'Room in the cluster for 6 more tasks: not checked.';
    expect(capacity(of({ launchType: 'EC2' }), draft())).toEqual({ kind: 'not-checked', words });
    expect(capacity(of({ launchType: 'EC2', desiredCount: 1 }), draft()).words).toBe(
      'Room in the cluster for 1 more task: not checked.',
    );
  });
});
