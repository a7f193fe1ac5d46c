import { describe, expect, it } from 'vitest';
import {
  apiDefinition,
  arnOf,
  DEPLOYMENTS,
  deployment,
  digestOf,
  draft,
  facts,
  mark,
  NOW,
  pastRollback,
  revisionOf,
  service,
  serviceDeployment,
  unread,
  version,
  wish,
} from '@/lib/domain/fixtures';
import { historyOf, historyFrom as historyOfFacts } from '@/lib/domain/history';
import type { PastRollback } from '@/lib/domain/past-rollback';
import type { ServiceDeployment } from '@/lib/domain/service';
import { ok } from '@/lib/result';
import {
  age,
  database,
  deploymentRunning,
  ecsRollingBack,
  isDeploying,
  neverSteady,
  rolledBackFrom,
  stillStoppable,
} from './past';

const DAY = 86_400_000;
const warns = (words: string) => ({ kind: 'warns', words });
const notChecked = (words: string) => ({ kind: 'not-checked', words });
const historyFrom = (deployments: readonly ServiceDeployment[], past: readonly PastRollback[] = []) =>
  ok(historyOf({ deployments, past, stops: [], at: NOW }));
const DENIED = unread({ action: 'ecs:ListServiceDeployments' });

describe('deployment-running', () => {
  const deploying = service({
    deployments: [deployment({ rolloutState: 'IN_PROGRESS' }), deployment({ id: 'ecs-svc/421', status: 'ACTIVE' })],
  });

  it('passes while ECS moves nothing', () => {
    expect(deploymentRunning(facts(), draft()).kind).toBe('passed');
    expect(isDeploying(service())).toBe(false);
  });

  it('is told by a second deployment or by the rollout itself', () => {
    expect(isDeploying(deploying)).toBe(true);
    expect(isDeploying(service({ deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] }))).toBe(true);
    expect(isDeploying(service({ deployments: [deployment(), deployment({ status: 'ACTIVE' })] }))).toBe(true);
  });

  it('warns what is being replaced', () => {
    expect(deploymentRunning(facts({ service: deploying }), draft())).toEqual(
      warns('release-1123 is being deployed. Rolling back will replace it.'),
    );
    const another = service({
      deployments: [deployment({ taskDefinitionArn: arnOf('api:430'), rolloutState: 'IN_PROGRESS' })],
    });
    expect(deploymentRunning(facts({ service: another }), draft()).words).toBe(
      'Another version is being deployed. Rolling back will replace it.',
    );
  });

  it('leaves our own rollback to the check of rollbacks', () => {
    const ours = facts({
      service: service({ ...deploying, taskDefinitionArn: arnOf('api:429') }),
      active: { id: 'rb-7k3f9q', by: 'k.smith', startedAt: NOW, state: 'watching' },
      past: [pastRollback()],
    });
    expect(deploymentRunning(ours, draft()).kind).toBe('passed');
    expect(deploymentRunning({ ...ours, active: null }, draft()).kind).toBe('warns');
  });
});

describe('ecs-rolling-back', () => {
  const good = serviceDeployment('api:421', NOW - DAY);
  const returning = (change: Partial<ServiceDeployment> = {}) =>
    serviceDeployment('api:428', NOW, {
      status: 'ROLLBACK_IN_PROGRESS',
      sourceServiceRevisionArns: [good.serviceRevisionArn],
      ...change,
    });
  const judged = (deployments: readonly ServiceDeployment[], past: readonly PastRollback[] = []) =>
    ecsRollingBack(facts({ deployments: ok(deployments), past }), draft());

  it('passes while ECS does not return by itself', () => {
    expect(judged(DEPLOYMENTS).kind).toBe('passed');
  });

  it.each(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'])('warns of %s, and names where to', (status) => {
    expect(judged([returning({ status }), good])).toEqual(
      warns('ECS is already returning api to release-1119 by itself.'),
    );
  });

  it('does not call it ECS’s own doing where somebody asked for it', () => {
    expect(judged([returning({ returnedBy: 'somebody' }), good])).toEqual(
      warns('ECS is already returning api to release-1119, because somebody stopped the deployment.'),
    );
  });

  it('names what it returns to only where that is certain', () => {
    const other = serviceDeployment('api:419', NOW - 2 * DAY);
    expect(judged([returning({ sourceServiceRevisionArns: [other.serviceRevisionArn] }), good, other]).words).toBe(
      'ECS is already returning api to revision 419 by itself.',
    );
    const two = returning({ sourceServiceRevisionArns: [good.serviceRevisionArn, other.serviceRevisionArn] });
    for (const unclear of [returning({ sourceServiceRevisionArns: [] }), two]) {
      expect(judged([unclear, good, other]).words).toBe(
        'ECS is already returning api to an earlier version by itself.',
      );
    }
  });

  it('knows a copy for what it is a copy of', () => {
    const copy = serviceDeployment('api:429', NOW - DAY);
    expect(
      judged([returning({ sourceServiceRevisionArns: [copy.serviceRevisionArn] }), copy], [pastRollback()]).words,
    ).toBe('ECS is already returning api to release-1119 by itself.');
  });

  it('is not checked where deployments could not be read', () => {
    expect(ecsRollingBack(facts({ deployments: DENIED }), draft())).toEqual(
      notChecked('Whether ECS is rolling back by itself: not checked (no permission to ecs:ListServiceDeployments).'),
    );
  });
});

describe('never-steady', () => {
  const judged = (deployments: readonly ServiceDeployment[], past: readonly PastRollback[] = []) =>
    neverSteady(facts({ past }), draft({ history: historyFrom(deployments, past) }));
  const failed = (revision: string, at: number, status = 'ROLLBACK_SUCCESSFUL') =>
    serviceDeployment(revision, at, { status });
  const words = 'The last time, release-1119 never became steady.';

  it('passes what ended well the last time, or was never deployed as far as is known', () => {
    expect(judged(DEPLOYMENTS).kind).toBe('passed');
    expect(judged([]).kind).toBe('passed');
    expect(judged([serviceDeployment('api:421', NOW), failed('api:421', NOW - DAY)]).kind).toBe('passed');
  });

  it('warns of what did not, itself or a copy of it', () => {
    expect(judged([failed('api:421', NOW - 1), ...DEPLOYMENTS])).toEqual(warns(words));
    expect(judged([failed('api:429', NOW - 1), ...DEPLOYMENTS], [pastRollback()])).toEqual(warns(words));
  });

  it('takes nothing from a deployment that was stopped, unless there is no other', () => {
    const stopped = failed('api:421', NOW - 1, 'STOPPED');
    expect(judged([stopped, ...DEPLOYMENTS]).kind).toBe('passed');
    expect(judged([stopped])).toEqual(warns(words));
    expect(judged([failed('api:421', NOW, 'IN_PROGRESS')]).kind).toBe('passed');
  });

  it('takes nothing from the same revision with other images', () => {
    const other = serviceDeployment('api:421', NOW - 1, {
      status: 'ROLLBACK_SUCCESSFUL',
      digests: new Map([['app', digestOf('other')]]),
    });
    expect(judged([other, ...DEPLOYMENTS]).kind).toBe('passed');
  });

  it('is not checked where the history could not be read', () => {
    expect(neverSteady(facts(), draft({ history: DENIED }))).toEqual(
      notChecked('Whether it became steady the last time: not checked (no permission to ecs:ListServiceDeployments).'),
    );
  });
});

describe('rolled-back-from', () => {
  it('passes what nobody left', () => {
    expect(rolledBackFrom(facts(), draft()).kind).toBe('passed');
    expect(rolledBackFrom(facts({ marks: [mark({ taskDefinitionArn: arnOf('api:419') })] }), draft()).kind).toBe(
      'passed',
    );
  });

  it('warns who left it, when and why, itself or a copy of it', () => {
    const expected = warns('k.smith rolled back from release-1119 on 21 Nov: Errors after release.');
    expect(rolledBackFrom(facts({ marks: [mark()] }), draft())).toEqual(expected);
    const older = mark({ by: 'a.jones', at: NOW - 9 * DAY });
    expect(rolledBackFrom(facts({ marks: [mark(), older] }), draft())).toEqual(expected);
    const copy = facts({ marks: [mark({ taskDefinitionArn: arnOf('api:429') })], past: [pastRollback()] });
    expect(rolledBackFrom(copy, draft())).toEqual(expected);
  });

  it('passes the revision somebody left with other images', () => {
    const other = mark({ digests: new Map([['app', digestOf('other')]]) });
    expect(rolledBackFrom(facts({ marks: [other] }), draft()).kind).toBe('passed');
  });

  it('says nothing of the rollback that is being undone', () => {
    const undo = facts({
      wish: wish({ to: 'api:428', undo: 'rb-7k3f9q' }),
      service: service({ taskDefinitionArn: arnOf('api:429') }),
      past: [pastRollback()],
      marks: [mark({ taskDefinitionArn: arnOf('api:428') })],
    });
    const back = draft({ to: version(apiDefinition(428)) });
    expect(rolledBackFrom(undo, back).kind).toBe('passed');
    expect(rolledBackFrom({ ...undo, wish: wish({ to: 'api:428' }) }, back).kind).toBe('warns');
  });

  it('is not checked while our record does not answer', () => {
    expect(rolledBackFrom(facts({ recordKnown: false }), draft())).toEqual(
      notChecked('Whether it was rolled back from: not checked (our record does not answer).'),
    );
  });
});

describe('age', () => {
  const judged = (deployments: readonly ServiceDeployment[], registeredAt: number | null = NOW - 80 * DAY) =>
    age(
      facts({ wanted: ok(revisionOf(apiDefinition(421), { registeredAt })) }),
      draft({ history: historyFrom(deployments) }),
    );
  const endedDaysAgo = (days: number) => [
    serviceDeployment('api:428', NOW - days * DAY),
    serviceDeployment('api:421', NOW - 60 * DAY),
  ];

  it('passes what ran here lately, or still runs', () => {
    expect(judged(endedDaysAgo(29)).kind).toBe('passed');
    expect(judged(endedDaysAgo(0)).kind).toBe('passed');
    expect(judged([serviceDeployment('api:421', NOW - 60 * DAY)]).kind).toBe('passed');
  });

  it('warns of what ran long ago', () => {
    expect(judged(endedDaysAgo(41))).toEqual(warns('It last ran 41 days ago.'));
    expect(judged(endedDaysAgo(30)).kind).toBe('warns');
  });

  it('tells the time of the images wanted, not that of the same revision with others', () => {
    const other = serviceDeployment('api:421', NOW - 5 * DAY, { digests: new Map([['app', digestOf('other')]]) });
    const since = [serviceDeployment('api:428', NOW - 4 * DAY), other];
    expect(judged([...since, ...endedDaysAgo(41)])).toEqual(warns('It last ran 41 days ago.'));
  });

  it('warns of what never ran, and says so only where that is certain', () => {
    expect(judged([])).toEqual(warns('Revision 421 never ran here.'));
    expect(judged([], NOW - 100 * DAY)).toEqual(warns('We do not know whether it ran here.'));
    expect(judged([], null)).toEqual(warns('We do not know whether it ran here.'));
  });

  it('is not checked where ECS does not tell, unless our record knows that it ran lately', () => {
    const denied = { deployments: unread({ action: 'ecs:ListServiceDeployments' }) };
    expect(age(facts(denied), draft({ history: DENIED }))).toEqual(
      notChecked('When it last ran here: not checked (no permission to ecs:ListServiceDeployments).'),
    );
    const known = (days: number) => {
      const at = NOW - days * DAY;
      const past = [pastRollback({ startedAt: at, endedAt: at })];
      return age(facts(denied), draft({ history: historyOfFacts({ ...denied, past, stops: [], at: NOW }) }));
    };
    expect(known(3)).toEqual({ kind: 'passed', words: 'it ran here 3 days ago' });
    expect(known(41).kind).toBe('not-checked');
  });

  it('warns where nobody can tell when it ran', () => {
    expect(age(facts({ wanted: unread() }), draft({ history: historyFrom([]) })).words).toBe(
      'We do not know whether it ran here.',
    );
  });
});

describe('database', () => {
  it('is never checked, and says so always', () => {
    expect(database()).toEqual(
      notChecked(
        'Database changes: cannot be checked. If a later release changed the database, the old version may not work.',
      ),
    );
  });
});

describe('still-stoppable', () => {
  it.each(['PENDING', 'IN_PROGRESS'])('passes a deployment that is %s', (status) => {
    expect(stillStoppable(facts(), draft({ stopped: serviceDeployment('api:428', NOW, { status }) })).kind).toBe(
      'passed',
    );
  });

  it.each([
    'SUCCESSFUL',
    'STOP_REQUESTED',
    'STOPPED',
    'ROLLBACK_REQUESTED',
    'ROLLBACK_IN_PROGRESS',
    'ROLLBACK_SUCCESSFUL',
    'ROLLBACK_FAILED',
  ])('blocks one that is %s', (status) => {
    expect(stillStoppable(facts(), draft({ stopped: serviceDeployment('api:428', NOW, { status }) }))).toEqual({
      kind: 'blocks',
      words: 'This deployment has already finished. Roll back instead.',
    });
  });

  it('blocks one that is not found', () => {
    expect(stillStoppable(facts(), draft()).kind).toBe('blocks');
  });
});
