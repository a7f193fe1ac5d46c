import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arnOf } from './fixtures';
import { type OurDeployment, type Reading, stopVerdictOf, verdictOf } from './verdict';

const COPY = arnOf('api:429');
const OURS: OurDeployment = { id: 'ecs-svc/ours', copyArn: COPY, earlier: new Set(['ecs-svc/before']) };

type Read = Extract<Reading, { kind: 'service' }>;

/** A reading in which the rollback has ended well, and a change to it. */
const reading = ({
  service = {},
  ...change
}: Partial<Omit<Read, 'service'>> & { service?: Partial<Read['service']> } = {}): Read => ({
  kind: 'service',
  service: { taskDefinitionArn: COPY, desired: 6, running: 6, pending: 0, ...service },
  primary: { id: 'ecs-svc/ours', taskDefinitionArn: COPY, rolloutState: 'COMPLETED' },
  listed: true,
  record: null,
  laterThanOurs: false,
  otherTasks: 0,
  ...change,
});

const primary = (id: string, rolloutState: string | null, revision = 'api:428') => ({
  id: `ecs-svc/${id}`,
  taskDefinitionArn: id === 'ours' ? COPY : arnOf(revision),
  rolloutState,
});

const verdict = (change: Parameters<typeof reading>[0] = {}, ours = OURS) => verdictOf(reading(change), ours);
const failed = (reason: string) => ({ state: 'failed', reason });
const SUCCEEDED = { state: 'succeeded', reason: null };
const REPLACED = { state: 'superseded', reason: 'by-deployment' };

describe('a reading', () => {
  it('of no service is the end of the rollback', () => {
    expect(verdictOf({ kind: 'gone' }, OURS)).toEqual(failed('gone'));
  });

  it('that shows our deployment neither in the list nor as a record proves nothing', () => {
    expect(verdict({ listed: false })).toBeNull();
    expect(verdict({ listed: false, primary: primary('before', 'COMPLETED') })).toBeNull();
    expect(verdict({ listed: false, primary: primary('another', 'COMPLETED') })).toBeNull();
  });

  it('of a service without a primary deployment proves nothing', () => {
    expect(verdict({ primary: null, record: 'ROLLBACK_SUCCESSFUL' })).toBeNull();
  });
});

describe('succeeded', () => {
  it('is our deployment complete, the service and every task on our revision, as many as wanted', () => {
    expect(verdict()).toEqual(SUCCEEDED);
  });

  it.each<[string, Parameters<typeof reading>[0]]>([
    ['the rollout is going on', { primary: primary('ours', 'IN_PROGRESS') }],
    ['the service names another revision', { service: { taskDefinitionArn: arnOf('api:428') } }],
    ['a task of another revision runs', { otherTasks: 1 }],
    ['nobody counted the others', { otherTasks: null }],
    ['fewer run than wanted', { service: { running: 5 } }],
    ['more run than wanted', { service: { running: 7 } }],
    ['one is pending', { service: { pending: 1 } }],
    ['a deployment of before is primary again', { primary: primary('before', 'IN_PROGRESS') }],
  ])('is not yet where %s', (_what, change) => {
    expect(verdict(change)).toBeNull();
  });

  it('goes by the record where AWS gives no state of the rollout', () => {
    expect(verdict({ primary: primary('ours', null), record: 'SUCCESSFUL' })).toEqual(SUCCEEDED);
    expect(verdict({ primary: primary('ours', null), record: 'IN_PROGRESS' })).toBeNull();
    expect(verdict({ primary: primary('ours', null) })).toBeNull();
  });

  it('of a service that wants no tasks is set and not proven', () => {
    expect(verdict({ service: { desired: 0, running: 0 } })).toEqual({ state: 'succeeded', reason: 'zero-tasks' });
  });

  it('is known by our copy where no read has shown our deployment’s id', () => {
    expect(verdict({}, { ...OURS, id: null })).toEqual(SUCCEEDED);
  });

  it('holds of a later deployment of our very copy: a colleague’s restart', () => {
    expect(verdict({ primary: { ...primary('restart', 'COMPLETED'), taskDefinitionArn: COPY } })).toEqual(SUCCEEDED);
  });
});

describe('failed', () => {
  it('is put back where ECS says that it rolled back', () => {
    expect(verdict({ record: 'ROLLBACK_SUCCESSFUL', primary: primary('before', 'IN_PROGRESS') })).toEqual(
      failed('put-back'),
    );
  });

  it('is put back where a deployment of before is primary and complete, in a reading that lists ours', () => {
    expect(verdict({ primary: primary('before', 'COMPLETED') })).toEqual(failed('put-back'));
    expect(verdict({ primary: primary('before', 'COMPLETED'), listed: false, record: 'IN_PROGRESS' })).toBeNull();
  });

  it('is stuck where ECS could not return', () => {
    expect(verdict({ record: 'ROLLBACK_FAILED' })).toEqual(failed('stuck'));
  });

  it('is given up where ours is primary and failed, and stopped', () => {
    const ours = primary('ours', 'FAILED');
    expect(verdict({ primary: ours, record: 'STOPPED' })).toEqual(failed('gave-up'));
    expect(verdict({ primary: ours, record: 'STOP_REQUESTED' })).toEqual(failed('gave-up'));
    expect(verdict({ primary: ours, record: 'ROLLBACK_IN_PROGRESS' })).toBeNull();
    expect(verdict({ primary: ours })).toBeNull();
  });

  it.each(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'])('is not yet told by %s', (record) => {
    expect(verdict({ record, primary: primary('before', 'IN_PROGRESS') })).toBeNull();
  });
});

describe('superseded', () => {
  it('is a later deployment over ours, which was stopped', () => {
    for (const record of ['STOPPED', 'STOP_REQUESTED']) {
      expect(verdict({ primary: primary('another', 'IN_PROGRESS', 'api:430'), record })).toEqual(REPLACED);
      expect(verdict({ primary: primary('another', 'COMPLETED', 'api:430'), record, listed: false })).toEqual(REPLACED);
    }
  });

  it('is a later deployment over ours, which had completed before anybody read it', () => {
    const later = { primary: primary('another', 'IN_PROGRESS', 'api:430'), record: 'SUCCESSFUL', listed: false };
    expect(verdict({ ...later, laterThanOurs: true })).toEqual(REPLACED);
    expect(verdict(later)).toBeNull();
  });

  it('is a later deployment over ours, though ECS has returned past both to one of before', () => {
    for (const listed of [true, false]) {
      expect(verdict({ primary: primary('before', 'COMPLETED'), record: 'STOPPED', listed })).toEqual(REPLACED);
    }
  });

  it('is a later deployment that came while ECS was putting the one before back', () => {
    const later = { primary: primary('another', 'IN_PROGRESS', 'api:430'), record: 'ROLLBACK_FAILED' };
    expect(verdict({ ...later, laterThanOurs: true })).toEqual(REPLACED);
    expect(verdict(later)).toEqual(failed('stuck'));
  });

  it('is not told by a later deployment alone', () => {
    expect(verdict({ primary: primary('another', 'COMPLETED', 'api:430') })).toBeNull();
    expect(verdict({ primary: primary('another', 'COMPLETED', 'api:430'), record: 'IN_PROGRESS' })).toBeNull();
  });
});

describe('any reading at all', () => {
  const STATES = [
    null,
    'PENDING',
    'IN_PROGRESS',
    'SUCCESSFUL',
    'STOP_REQUESTED',
    'STOPPED',
    'ROLLBACK_REQUESTED',
    'ROLLBACK_IN_PROGRESS',
    'ROLLBACK_SUCCESSFUL',
    'ROLLBACK_FAILED',
    'SOMETHING_NEW',
  ];
  const any = fc.record({
    service: fc.record({
      taskDefinitionArn: fc.constantFrom(COPY, arnOf('api:428')),
      desired: fc.nat(2),
      running: fc.nat(2),
      pending: fc.nat(1),
    }),
    primary: fc.constantFrom(
      null,
      ...['ours', 'before', 'another'].flatMap((id) =>
        ['IN_PROGRESS', 'COMPLETED', 'FAILED', null].map((state) => primary(id, state)),
      ),
    ),
    listed: fc.boolean(),
    record: fc.constantFrom(...STATES),
    laterThanOurs: fc.boolean(),
    otherTasks: fc.constantFrom(null, 0, 1),
  });

  it('never calls a success what does not run our copy alone, and never ends what it does not show', () => {
    fc.assert(
      fc.property(any, (change) => {
        const told = verdict(change);
        const { primary: first, service, listed, record, otherTasks } = change;
        if (told?.state === 'succeeded') {
          expect(first?.taskDefinitionArn).toBe(COPY);
          expect(service.taskDefinitionArn).toBe(COPY);
          expect([otherTasks, service.pending, service.running - service.desired]).toEqual([0, 0, 0]);
        }
        if (!listed && record === null) expect(told).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a stop', () => {
  it.each([
    ['ROLLBACK_SUCCESSFUL', SUCCEEDED],
    ['ROLLBACK_FAILED', failed('stuck')],
    ['SUCCESSFUL', failed('finished-first')],
    ['STOPPED', REPLACED],
    ['ROLLBACK_REQUESTED', null],
    ['ROLLBACK_IN_PROGRESS', null],
    ['STOP_REQUESTED', null],
    ['IN_PROGRESS', null],
    ['PENDING', null],
    ['SOMETHING_NEW', null],
    [null, null],
  ])('whose deployment is %s ends as %j', (status, expected) => {
    expect(stopVerdictOf(status, false)).toEqual(expected);
  });

  it('whose return a later deployment broke off is superseded, and no reason to act', () => {
    expect(stopVerdictOf('ROLLBACK_FAILED', true)).toEqual(REPLACED);
    expect(stopVerdictOf('ROLLBACK_SUCCESSFUL', true)).toEqual(SUCCEEDED);
  });
});
