import { describe, expect, it } from 'vitest';
import { parseSecretReference } from './secrets';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:team/api-AbCdEf';

describe('a reference to a secret', () => {
  it.each([
    [SECRET, { id: SECRET, stage: null, version: null }],
    [`${SECRET}:key::`, { id: SECRET, stage: null, version: null }],
    [`${SECRET}:key:AWSPREVIOUS:`, { id: SECRET, stage: 'AWSPREVIOUS', version: null }],
    [`${SECRET}:::0123`, { id: SECRET, stage: null, version: '0123' }],
  ])('is split where ECS splits it: %s', (reference, parts) => {
    expect(parseSecretReference(reference, 'parameter')).toEqual({ kind: 'secret', region: 'eu-west-1', ...parts });
  });

  it('without an ARN is a parameter, or a secret where credentials are meant', () => {
    expect(parseSecretReference('/api/key', 'parameter')).toMatchObject({ kind: 'parameter', names: ['/api/key'] });
    expect(parseSecretReference('login', 'secret')).toMatchObject({ kind: 'secret', id: 'login' });
  });

  it('to a parameter by its ARN may be of either spelling', () => {
    const parameter = 'arn:aws:ssm:eu-west-1:111111111111:parameter/api/key';
    expect(parseSecretReference(parameter, 'parameter')).toEqual({
      kind: 'parameter',
      names: ['api/key', '/api/key'],
      region: 'eu-west-1',
      account: '111111111111',
    });
  });
});
