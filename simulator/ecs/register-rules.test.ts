import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './fixtures';
import { refuseInvalid, refuseTags } from './register-rules';
import { checkedDefinition } from './register-shape';

const app = { name: 'app', image: 'nginx:1', memory: 128 };
const fargate: RegisterTaskDefinitionRequest = {
  family: 'f',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image: 'nginx:1' }],
};
const of = (more: Partial<RegisterTaskDefinitionRequest>): RegisterTaskDefinitionRequest => ({
  family: 'f',
  containerDefinitions: [app],
  ...more,
});
const withContainer = (more: object) => of({ containerDefinitions: [{ ...app, ...more }] });
const onFargate = (more: Partial<RegisterTaskDefinitionRequest>) => ({ ...fargate, ...more });
const ECR = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1';
const role = 'arn:aws:iam::111111111111:role/path/execution';

const words = (request: RegisterTaskDefinitionRequest): string => {
  const { code, message } = refusalOf(() => refuseInvalid(request));
  return `${code}: ${message}`;
};

describe('registering is refused', () => {
  it.each<readonly [string, RegisterTaskDefinitionRequest, string]>([
    ['an empty family', of({ family: '' }), 'Family should not be null or empty'],
    ['a family with a slash', of({ family: 'a/b' }), 'Family contains invalid characters.'],
    ['no containers', of({ containerDefinitions: [] }), 'Container list cannot be empty.'],
    [
      'eleven containers',
      of({ containerDefinitions: Array.from({ length: 11 }, (_, index) => ({ ...app, name: `c${index}` })) }),
      'Task definition does not support more than 10 containers.',
    ],
    ['a container without name', withContainer({ name: '' }), 'Container.name should not be null or empty.'],
    ['a container without image', withContainer({ image: '' }), 'Container.image should not be null or empty.'],
    ['an image with a space', withContainer({ image: 'a b' }), 'Container.image contains invalid characters.'],
    [
      'an image with a digest behind a fragment',
      withContainer({ image: 'a#b@sha256:0' }),
      'Container.image repository contains invalid characters.',
    ],
    [
      'a container of no size where the task has none',
      of({ containerDefinitions: [{ name: 'x', image: 'nginx' }] }),
      "Invalid setting for container 'x'. At least one of 'memory' or 'memoryReservation' must be specified.",
    ],
    ['an empty role', of({ taskRoleArn: '' }), 'Role is not valid'],
    [
      'empty repository credentials',
      withContainer({ repositoryCredentials: { credentialsParameter: '' } }),
      'RepositoryCredentials.credentialsParameter should not be null or empty.',
    ],
    [
      'differing ports in awsvpc',
      of({
        networkMode: 'awsvpc',
        containerDefinitions: [{ ...app, portMappings: [{ containerPort: 80, hostPort: 81 }] }],
      }),
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    ],
    [
      'differing ports on the host',
      of({
        networkMode: 'host',
        containerDefinitions: [{ ...app, portMappings: [{ containerPort: 80, hostPort: 81 }] }],
      }),
      'When networkMode=host, the host ports and container ports in port mappings must match.',
    ],
    [
      'a Fargate size that does not exist',
      onFargate({ cpu: '256', memory: '4096' }),
      'No Fargate configuration exists for given values.',
    ],
    [
      'an ECR image on Fargate without execution role',
      onFargate({ containerDefinitions: [{ name: 'app', image: ECR }] }),
      'Fargate requires task definition to have execution role ARN to support ECR images.',
    ],
    [
      'awslogs on Fargate without execution role',
      onFargate({
        containerDefinitions: [{ name: 'app', image: 'nginx', logConfiguration: { logDriver: 'awslogs' } }],
      }),
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    ],
  ])('for %s', (_case, request, message) => expect(words(request)).toBe(`ClientException: ${message}`));

  it('above 64 KiB, tags not counted', () => {
    const sized = (length: number) => withContainer({ environment: [{ name: 'X', value: 'x'.repeat(length) }] });
    const overhead = JSON.stringify(sized(0)).length;
    const most = sized(65_536 - overhead);
    expect(() => refuseInvalid({ ...most, tags: [{ key: 'k', value: 'v'.repeat(200) }] })).not.toThrow();
    expect(words(sized(65_558 - overhead))).toBe(
      "ClientException: Actual length: '65558'. Max allowed length is '65536' bytes.",
    );
  });
});

describe('registering takes', () => {
  it.each([
    ['256', '1024'],
    ['512', '4096'],
    ['1024', '2048'],
    ['2048', '16384'],
    ['4096', '30720'],
    ['8192', '61440'],
    ['16384', '122880'],
    ['.25 vCPU', '0.5 GB'],
    ['1 vcpu', '3GB'],
  ])('%s CPU with %s memory on Fargate', (cpu, memory) => {
    expect(() => refuseInvalid(onFargate({ cpu, memory }))).not.toThrow();
  });

  it('ECR images on Fargate with an execution role, and equal or absent host ports', () => {
    const container = {
      name: 'app',
      image: ECR,
      portMappings: [{ containerPort: 80, hostPort: 80 }, { containerPort: 81 }],
    };
    expect(() => refuseInvalid(onFargate({ executionRoleArn: role, containerDefinitions: [container] }))).not.toThrow();
  });
});

describe('tags', () => {
  const refused = (tags: Parameters<typeof refuseTags>[0]): string => {
    const { code, message } = refusalOf(() => refuseTags(tags));
    return `${code}: ${message}`;
  };

  it('may be absent but not empty', () => {
    expect(() => refuseTags(undefined)).not.toThrow();
    expect(refused([])).toBe('ClientException: Tags can not be empty.');
  });

  it('may be fifty, each of the characters AWS takes', () => {
    const tags = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: 'é + - = . _ : / @' }));
    expect(() => refuseTags(tags)).not.toThrow();
    expect(refused([...tags, { key: 'one', value: 'more' }])).toContain('can not exceed 50');
    expect(refused([{ key: 'name', value: "o'clock" }])).toContain('invalid');
    expect(refused([{ key: '', value: 'x' }])).toContain('invalid');
  });

  it.each(['aws:x', 'AWS:x'])('may not be AWS’s own: %s', (name) => {
    expect(refused([{ key: name, value: 'x' }])).toContain('aws: prefixed tag key names are not allowed');
    expect(refused([{ key: 'x', value: name }])).toContain('aws: prefixed tag key names are not allowed');
  });
});

describe('a request of the wrong shape', () => {
  it.each([
    ['a number for a string', { family: 7 }],
    ['a structure for a list', { containerDefinitions: {} }],
    ['a string for a number', { containerDefinitions: [{ name: 'a', image: 'b', cpu: '1' }] }],
    ['a list of numbers for one of strings', { containerDefinitions: [{ command: [1] }] }],
  ])('is refused as AWS’s parsers do: %s', (_case, request) => {
    expect(refusalOf(() => checkedDefinition(request)).code).toBe('SerializationException');
  });

  it('may hold what nobody knows', () => {
    const request = { family: 'f', novelty: [1], containerDefinitions: [{ name: 'a', novelty: { deep: true } }] };
    expect(checkedDefinition(request)).toBe(request);
  });
});
