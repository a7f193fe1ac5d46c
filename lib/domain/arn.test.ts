import { describe, expect, it } from 'vitest';
import {
  familyOf,
  isClusterName,
  isRevisionName,
  isRollbackId,
  isServiceName,
  lastPart,
  parseRevision,
  parseServiceArn,
  parseTaskDefinitionArn,
  revisionArn,
  revisionName,
  revisionNumber,
} from './arn';
import { arnOf } from './fixtures';

describe('a revision’s name', () => {
  it.each([
    ['api:421', { family: 'api', number: 421 }],
    ['My_Family-2:1', { family: 'My_Family-2', number: 1 }],
  ])('%s is family and number', (text, expected) => {
    expect(parseRevision(text)).toEqual(expected);
    expect(isRevisionName(text)).toBe(true);
  });

  it.each(['api', 'api:', 'api:0', 'api:01', ':1', 'api:1:2', 'api:-1', 'a/b:1', 'api:1 ', `${'x'.repeat(256)}:1`, ''])(
    'is not “%s”',
    (text) => {
      expect(parseRevision(text)).toBeNull();
      expect(isRevisionName(text)).toBe(false);
    },
  );

  it('is read from an ARN of any partition', () => {
    expect(parseTaskDefinitionArn(arnOf('api:421'))).toEqual({ family: 'api', number: 421 });
    expect(parseTaskDefinitionArn('arn:aws-cn:ecs:cn-north-1:111111111111:task-definition/api:1')).toEqual({
      family: 'api',
      number: 1,
    });
    expect(parseTaskDefinitionArn('arn:aws:ecs:eu-west-1:111111111111:task-definition/api')).toBeNull();
    expect(parseTaskDefinitionArn('arn:aws:ecs:eu-west-1:111111111111:service/api')).toBeNull();
  });

  it('is the same from its ARN and from itself', () => {
    for (const text of ['api:421', arnOf('api:421')]) {
      expect([revisionName(text), revisionNumber(text), familyOf(text)]).toEqual(['api:421', 421, 'api']);
    }
    expect(revisionNumber('api')).toBe(0);
  });

  it('becomes an ARN in the account and region of another', () => {
    const beside = 'arn:aws-cn:ecs:cn-north-1:222222222222:service/notify/api';
    expect(revisionArn(beside, 'api:421')).toBe('arn:aws-cn:ecs:cn-north-1:222222222222:task-definition/api:421');
  });
});

describe('a service’s ARN', () => {
  it('is read in its new and its old form', () => {
    const where = { region: 'eu-west-1', account: '111111111111', service: 'api' };
    expect(parseServiceArn('arn:aws:ecs:eu-west-1:111111111111:service/notify/api')).toEqual({
      ...where,
      cluster: 'notify',
    });
    expect(parseServiceArn('arn:aws:ecs:eu-west-1:111111111111:service/api')).toEqual({ ...where, cluster: null });
  });

  it.each([
    'arn:aws:ecs:eu-west-1:111111111111:service/a/b/c',
    'arn:aws:ecs:eu-west-1:1111:service/a/b',
    'arn:aws:ecs:eu-west-1:111111111111:cluster/notify',
    'arn:aws:ecs:eu-west-1:111111111111:service/',
    'api',
  ])('is not %s', (text) => {
    expect(parseServiceArn(text)).toBeNull();
  });
});

describe('a name from an address', () => {
  it('is letters, digits, hyphens and underscores, and nothing that leads elsewhere', () => {
    for (const name of ['api', 'delivery-worker_2', 'A'.repeat(255)]) {
      expect([isServiceName(name), isClusterName(name)]).toEqual([true, true]);
    }
    for (const name of ['', '../x', 'a b', 'a/b', 'a\n', 'A'.repeat(256), 'é']) {
      expect([isServiceName(name), isClusterName(name)]).toEqual([false, false]);
    }
  });

  it('of a rollback is rb- and six to twelve small letters or digits', () => {
    expect(['rb-7k3f9q', `rb-${'a'.repeat(12)}`].every(isRollbackId)).toBe(true);
    expect(['rb-7k3f9', `rb-${'a'.repeat(13)}`, 'rb-7K3F9Q', 'xx-7k3f9q', 'rb-7k3f9q\n'].some(isRollbackId)).toBe(
      false,
    );
  });

  it('ends an ARN after the last slash', () => {
    expect(lastPart('arn:aws:iam::1:role/path/name')).toBe('name');
  });
});
