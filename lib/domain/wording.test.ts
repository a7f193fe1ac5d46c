import { describe, expect, it } from 'vitest';
import { NEXT, REASONS, type Reason, type State } from './rollback';
import { deploymentWord, rollbackWord, stopWords } from './wording';

const ENDS = Object.entries(REASONS).flatMap(([state, reasons]) =>
  [null, ...reasons].map((reason) => [state as State, reason as Reason | null] as const),
);

describe('a deployment’s state', () => {
  it.each([
    ['PENDING', '…', 'Waiting to start'],
    ['IN_PROGRESS', '◐', 'Deploying'],
    ['SUCCESSFUL', '✓', 'Deployed'],
    ['STOP_REQUESTED', '■', 'Stopping'],
    ['STOPPED', '■', 'Stopped'],
    ['ROLLBACK_REQUESTED', '↺', 'ECS is rolling back'],
    ['ROLLBACK_IN_PROGRESS', '↺', 'ECS is rolling back'],
    ['ROLLBACK_SUCCESSFUL', '↺', 'Rolled back by ECS'],
    ['ROLLBACK_FAILED', '✕', 'Failed: ECS could not return'],
    ['SOMETHING_NEW', '?', 'SOMETHING_NEW'],
    ['constructor', '?', 'constructor'],
  ])('%s is %s %s', (status, icon, word) => {
    expect(deploymentWord(status)).toMatchObject({ icon, word });
  });

  it('is never ECS’s bare ACTIVE or INACTIVE in words of ours', () => {
    for (const status of ['PENDING', 'IN_PROGRESS', 'SUCCESSFUL', 'STOPPED']) {
      expect(deploymentWord(status).word).not.toMatch(/\b(IN)?ACTIVE\b/);
    }
  });
});

describe('a rollback in the record', () => {
  it('has icon, word and tone in every state and for every reason', () => {
    const all = [...Object.keys(NEXT).map((state) => [state as State, null] as const), ...ENDS];
    for (const [state, reason] of all) {
      const { icon, word, tone } = rollbackWord(state, reason);
      expect([icon.length, word.length > 0, tone.length > 0], `${state} ${reason}`).toEqual([1, true, true]);
      expect(word).not.toMatch(/fixed|\bOK\b/i);
    }
  });

  it.each<[State, Reason | null, string]>([
    ['succeeded', null, 'Done'],
    ['succeeded', 'zero-tasks', 'Set, wants 0 tasks'],
    ['failed', 'put-back', 'ECS put the other version back'],
    ['superseded', 'by-rollback', 'Replaced by a rollback'],
    ['not-applied', 'refused', 'Nothing changed'],
    ['closed', null, 'Given up while unknown'],
  ])('that is %s, %s reads %s', (state, reason, word) => {
    expect(rollbackWord(state, reason).word).toBe(word);
  });
});

describe('why a task stopped', () => {
  it.each([
    [
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref x:1: not found',
      'could not pull the image',
    ],
    ['Task failed to start · CannotPullContainerError: not found', 'could not pull the image'],
    [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s)',
      'could not pull the image',
    ],
    [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: … AccessDeniedException',
      'could not read a secret',
    ],
    ['Task failed ELB health checks in (target-group arn:x)', 'the load balancer says it is unhealthy'],
    [
      '(service S) (port 4000) is unhealthy in (target-group arn:x) due to (reason Health checks failed with these codes: [500]).',
      'the load balancer says it is unhealthy',
    ],
    ['Task failed container health checks', 'its own health check says it is unhealthy'],
    [
      "failed to launch a task with (error ECS was unable to assume the role 'arn:x' that was provided for this task.",
      "ECS may not use the task's role",
    ],
    [
      '(service S) was unable to place a task because no container instance met all of its requirements. … has insufficient CPU units available.',
      'no room in the cluster',
    ],
    [
      '(service S) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
      'no room in the cluster',
    ],
    ['RESOURCE:MEMORY', 'no room in the cluster'],
  ])('%s: %s', (reason, words) => {
    expect(stopWords(reason, 1)).toBe(words);
  });

  it('is its exit code where nothing else is known', () => {
    expect(stopWords('Essential container in task exited', 1)).toBe('stopped with exit code 1');
    expect(stopWords('Essential container in task exited', null)).toBe('stopped');
    expect(stopWords('the plasma stopped', 137)).toBe('stopped with exit code 137');
  });
});
