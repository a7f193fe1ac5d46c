import type {
  DeleteTaskDefinitionsResponse,
  DescribeTaskDefinitionResponse,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { CONTAINER, smallWorld } from './fixtures';

const DAY = 86_400;

const status = ({ ask }: ReturnType<typeof smallWorld>, taskDefinition: string) =>
  ask<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', { taskDefinition }).taskDefinition?.status;

describe('revisions of a family', () => {
  it('rise by one for ever, whatever became of those before', () => {
    const small = smallWorld();
    const first = small.register('f');
    expect(first).toMatch(/^arn:aws:ecs:eu-west-1:111111111111:task-definition\/f:1$/);
    const second = small.register('f');
    small.ask('DeregisterTaskDefinition', { taskDefinition: second });
    small.ask('DeleteTaskDefinitions', { taskDefinitions: [second] });
    small.pass(2 * DAY);
    expect(small.register('f')).toMatch(/f:3$/);
  });

  it('are answered as registered, with what ECS adds', () => {
    const { ask } = smallWorld();
    const { taskDefinition, tags } = ask<RegisterTaskDefinitionResponse>('RegisterTaskDefinition', {
      family: 'f',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '.25 vCPU',
      memory: '0.5 GB',
      executionRoleArn: 'arn:aws:iam::111111111111:role/execution',
      containerDefinitions: [{ name: 'app', image: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1' }],
      tags: [{ key: 'team', value: 'a' }],
    });
    expect(taskDefinition).toMatchObject({
      revision: 1,
      status: 'ACTIVE',
      cpu: '256',
      memory: '512',
      registeredBy: 'arn:aws:iam::111111111111:user/demo',
      compatibilities: ['EC2', 'FARGATE'],
    });
    expect(taskDefinition?.registeredAt).toBeInstanceOf(Date);
    expect(taskDefinition?.requiresAttributes?.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'com.amazonaws.ecs.capability.docker-remote-api.1.18',
        'ecs.capability.task-eni',
        'ecs.capability.execution-role-ecr-pull',
      ]),
    );
    expect(tags).toEqual([{ key: 'team', value: 'a' }]);
  });

  it('show their tags only when asked', () => {
    const { ask, register } = smallWorld();
    const taskDefinition = register('f', { tags: [{ key: 'team', value: 'a' }] });
    expect(ask<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', { taskDefinition }).tags).toBeUndefined();
    const include = ['TAGS'];
    expect(ask<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', { taskDefinition, include }).tags).toEqual([
      { key: 'team', value: 'a' },
    ]);
  });

  it('keep members the SDK does not know, at every depth', () => {
    const { ask } = smallWorld();
    const novelty = { on: true, list: [{ a: 1 }] };
    ask('RegisterTaskDefinition', { family: 'f', novelty, containerDefinitions: [{ ...CONTAINER, novelty }] });
    const { taskDefinition } = ask<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', { taskDefinition: 'f:1' });
    expect(taskDefinition).toMatchObject({ novelty, containerDefinitions: [{ novelty }] });
  });

  it('say the same when registered again from their description', () => {
    const { ask, register } = smallWorld();
    register('f', {
      networkMode: 'bridge',
      volumes: [{ name: 'data' }],
      containerDefinitions: [
        { ...CONTAINER, portMappings: [{ containerPort: 80 }], environment: [{ name: 'EMPTY', value: '' }] },
      ],
    });
    const body = (taskDefinition: string) => {
      const answer = ask<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', { taskDefinition }).taskDefinition;
      const { taskDefinitionArn: _a, revision: _b, status: _c, requiresAttributes: _d, ...rest } = answer ?? {};
      const { compatibilities: _e, registeredAt: _f, registeredBy: _g, ...kept } = rest;
      return kept;
    };
    ask('RegisterTaskDefinition', body('f:1'));
    expect(body('f:2')).toEqual(body('f:1'));
  });
});

describe('a family without a number', () => {
  it('is its latest ACTIVE revision', () => {
    const { ask, register, refusal } = smallWorld();
    const [first, second] = [register('f'), register('f')];
    const latest = () =>
      ask<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', { taskDefinition: 'f' }).taskDefinition;
    expect(latest()?.taskDefinitionArn).toBe(second);
    ask('DeregisterTaskDefinition', { taskDefinition: second });
    expect(latest()?.taskDefinitionArn).toBe(first);
    ask('DeregisterTaskDefinition', { taskDefinition: first });
    expect(refusal('DescribeTaskDefinition', { taskDefinition: 'f' })).toMatchObject({
      code: 'ClientException',
      message: 'Unable to describe task definition.',
    });
  });
});

describe('a deregistered revision', () => {
  it('is INACTIVE, dated and still described', () => {
    const { ask, register } = smallWorld();
    const taskDefinition = register('f');
    ask('DeregisterTaskDefinition', { taskDefinition });
    const answer = ask<DescribeTaskDefinitionResponse>('DescribeTaskDefinition', { taskDefinition }).taskDefinition;
    expect(answer?.status).toBe('INACTIVE');
    expect(answer?.deregisteredAt).toBeInstanceOf(Date);
  });

  it('needs its number', () => {
    const { refusal, register } = smallWorld();
    register('f');
    expect(refusal('DeregisterTaskDefinition', { taskDefinition: 'f' }).code).toBe('ClientException');
  });
});

describe('deleting revisions', () => {
  it('takes only what was deregistered, and answers for each', () => {
    const small = smallWorld();
    const [active, inactive] = [small.register('f'), small.register('f')];
    small.ask('DeregisterTaskDefinition', { taskDefinition: inactive });
    const answer = small.ask<DeleteTaskDefinitionsResponse>('DeleteTaskDefinitions', {
      taskDefinitions: [active, inactive, 'f:9'],
    });
    expect(answer.taskDefinitions?.map(({ taskDefinitionArn, status }) => [taskDefinitionArn, status])).toEqual([
      [inactive, 'DELETE_IN_PROGRESS'],
    ]);
    expect(answer.failures?.map(({ arn }) => arn)).toEqual([active, 'f:9']);
    expect(small.refusal('DeleteTaskDefinitions', { taskDefinitions: [] }).code).toBe('ClientException');
    const eleven = Array.from({ length: 11 }, () => inactive);
    expect(small.refusal('DeleteTaskDefinitions', { taskDefinitions: eleven }).code).toBe('ClientException');
  });

  it('lasts until nothing uses them, then they are gone', () => {
    const small = smallWorld();
    const service = small.steady('f');
    const used = service.taskDefinition;
    small.ask('DeregisterTaskDefinition', { taskDefinition: used });
    small.ask('DeleteTaskDefinitions', { taskDefinitions: [used] });
    small.pass(3 * DAY);
    expect(status(small, used)).toBe('DELETE_IN_PROGRESS');
    small.deploy(service);
    small.pass(7200);
    expect(small.refusal('DescribeTaskDefinition', { taskDefinition: used }).message).toBe(
      'Unable to describe task definition.',
    );
  });
});
