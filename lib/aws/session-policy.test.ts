import { describe, expect, it } from 'vitest';
import { sessionPolicy, sourceIdentity } from './session-policy';

const ECS = 'arn:aws:ecs:eu-west-1:111111111111';
const REACH = { serviceArn: `${ECS}:service/notify/api`, clusterName: 'notify', family: 'api' };

type Statement = { Action: string | string[]; Resource: string | string[]; Condition?: unknown };
const statements = (policy: string): Statement[] => JSON.parse(policy).Statement;

describe('the policy of a writing session', () => {
  it('names one service and one family, and nothing else of ECS', () => {
    const resources = statements(sessionPolicy(REACH))
      .filter(({ Action }) => !String(Action).startsWith('iam:'))
      .flatMap(({ Resource }) => Resource);
    expect(new Set(resources)).toEqual(
      new Set([`${ECS}:service/notify/api`, `${ECS}:service-deployment/notify/api/*`, `${ECS}:task-definition/api:*`]),
    );
  });

  it('allows only what a rollback sends', () => {
    expect(statements(sessionPolicy(REACH)).flatMap(({ Action }) => Action)).toEqual([
      'ecs:RegisterTaskDefinition',
      'ecs:TagResource',
      'ecs:UpdateService',
      'ecs:StopServiceDeployment',
      'iam:PassRole',
    ]);
  });

  it('lets the service be pointed at revisions of its family alone', () => {
    const update = statements(sessionPolicy(REACH)).find(({ Action }) => Action === 'ecs:UpdateService');
    expect(update?.Condition).toEqual({
      ArnLike: { 'ecs:cluster': `${ECS}:cluster/notify` },
      ArnLikeIfExists: { 'ecs:task-definition': `${ECS}:task-definition/api:*` },
    });
  });

  it('finds the cluster in the service where it is not given, and takes the old short form', () => {
    const { serviceArn, family } = REACH;
    expect(sessionPolicy({ serviceArn, family })).toBe(sessionPolicy(REACH));
    expect(sessionPolicy({ serviceArn: `${ECS}:service/api`, family })).toContain('service-deployment/*/api/*');
  });

  it('is never longer than AWS takes, however long the names are', () => {
    const long = 'x'.repeat(255);
    const policy = sessionPolicy({
      serviceArn: `arn:aws-us-gov:ecs:us-gov-west-1:111111111111:service/${long}/${long}`,
      clusterName: long,
      family: long,
    });
    expect(policy.length).toBeLessThanOrEqual(2048);
    expect(statements(policy).flatMap(({ Action }) => Action)).toHaveLength(5);
  });
});

describe('a person as AWS’s trail names them', () => {
  it.each([
    ['operator@notify.example', 'operator@notify.example'],
    ['Zoë O’Neil', 'Zoe-O-Neil'],
    ['aws:root', 'aws-root'],
    ['李', '--'],
    ['', '--'],
    ['x'.repeat(80), 'x'.repeat(64)],
  ])('%s becomes %s', (person, identity) => {
    expect(sourceIdentity(person)).toBe(identity);
    expect(identity).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});
