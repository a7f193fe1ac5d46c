import { describe, expect, it } from 'vitest';
import type { Existence, Fact, RoleState } from '@/lib/domain/facts';
import { apiDefinition, draft, facts, shownOf, unread } from '@/lib/domain/fixtures';
import { COMPLETE_DEFINITION } from '@/lib/domain/fixtures/complete-definition';
import { logGroupsNamed, rolesNamed, secretsNamed } from '@/lib/domain/leaning';
import type { ShownDefinition } from '@/lib/domain/task-definition';
import { ok } from '@/lib/result';
import { logGroup, rolesExist, secretsExist } from './dependencies';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret';
const PARAMETER = 'arn:aws:ssm:eu-west-1:111111111111:parameter/notify/db';
const naming = (...references: readonly string[]): ShownDefinition => ({
  containerDefinitions: [
    { name: 'app', secrets: references.map((valueFrom, index) => ({ name: `S${index}`, valueFrom })) },
  ],
});
const known = (names: Iterable<string>, exists = true): Existence =>
  new Map<string, Fact<boolean>>([...names].map((name) => [name, ok(exists)]));
const notChecked = (words: string) => ({ kind: 'not-checked', words });

describe('secrets-exist', () => {
  const judged = (shown: ShownDefinition, secrets: Existence) => secretsExist(facts({ secrets }), draft({ shown }));

  it('passes where all are there, or none is needed', () => {
    expect(judged(naming(`${ARN}:notify/db-uri`), known([`${ARN}:notify/db-uri`])).kind).toBe('passed');
    expect(judged(naming(), new Map()).kind).toBe('passed');
    expect(secretsExist(facts(), draft()).kind).toBe('passed');
  });

  it.each([
    [`${ARN}:notify/db-uri-AbCdEf`, 'notify/db-uri'],
    [`${ARN}:notify/db-uri-AbCdEf:key:AWSCURRENT:`, 'notify/db-uri'],
    [`${ARN}:notify/db-uri`, 'notify/db-uri'],
    [PARAMETER, 'notify/db'],
    ['/notify/splunk', '/notify/splunk'],
  ])('blocks where %s is gone, and calls it %s', (reference, name) => {
    expect(judged(naming(reference), known([reference], false))).toEqual({
      kind: 'blocks',
      words: `The secret ${name} no longer exists.`,
    });
  });

  it('names all that are gone', () => {
    expect(judged(naming('/a', '/b'), known(['/a', '/b'], false))).toEqual({
      kind: 'blocks',
      words: 'The secrets /a, /b no longer exist.',
    });
  });

  it('is not checked where one could not be asked, and never passes', () => {
    const secrets = new Map<string, Fact<boolean>>([
      ['/a', ok(true)],
      ['/b', unread({ action: 'ssm:DescribeParameters' })],
    ]);
    expect(judged(naming('/a', '/b'), secrets)).toEqual(
      notChecked('Whether secret /b exists: not checked (no permission to ssm:DescribeParameters).'),
    );
    expect(judged(naming('/a', '/b'), new Map())).toEqual(
      notChecked('Whether 2 secrets exist: not checked (not asked).'),
    );
  });

  it('blocks for one that is gone even where another could not be asked', () => {
    expect(
      judged(
        naming('/a', '/b'),
        new Map<string, Fact<boolean>>([
          ['/a', unread()],
          ['/b', ok(false)],
        ]),
      ).kind,
    ).toBe('blocks');
  });
});

describe('roles-exist', () => {
  const [task = '', execution = ''] = rolesNamed([shownOf(apiDefinition(421))]);
  type Known = ReadonlyMap<string, Fact<RoleState>>;
  const judged = (ofTask: Fact<RoleState>, ofExecution: Fact<RoleState> = ok('usable')) => {
    const roles: Known = new Map([
      [task, ofTask],
      [execution, ofExecution],
    ]);
    return rolesExist(facts({ roles }), draft());
  };

  it('passes where both are there', () => {
    expect(judged(ok('usable')).kind).toBe('passed');
  });

  it('blocks where the task’s or the execution’s is gone', () => {
    expect(judged(ok('gone'))).toEqual({ kind: 'blocks', words: 'The task role notify-api no longer exists.' });
    expect(judged(ok('usable'), ok('gone'))).toEqual({
      kind: 'blocks',
      words: 'The execution role notify-execution no longer exists.',
    });
  });

  it('blocks where the trust policy of one keeps tasks out', () => {
    const words =
      'The execution role notify-execution does not let ECS tasks take it: its trust policy keeps them out.';
    expect(judged(ok('usable'), ok('closed'))).toEqual({ kind: 'blocks', words });
    expect(judged(unread({ action: 'iam:GetRole' }), ok('closed'))).toEqual({ kind: 'blocks', words });
  });

  it('is not checked where this tool may not ask', () => {
    const denied = unread({ action: 'iam:GetRole' });
    expect(judged(denied)).toEqual(
      notChecked('Whether role notify-api exists: not checked (no permission to iam:GetRole).'),
    );
    expect(judged(denied, denied)).toEqual(
      notChecked('Whether 2 roles exist: not checked (no permission to iam:GetRole).'),
    );
  });
});

describe('log-group', () => {
  const judged = (logGroups: Existence) => logGroup(facts({ logGroups }), draft());

  it('passes where all are there', () => {
    expect(judged(known(['/notify/api', '/notify/nginx'])).kind).toBe('passed');
  });

  it('warns where one is missing, or several', () => {
    expect(
      judged(
        new Map<string, Fact<boolean>>([
          ['/notify/api', ok(false)],
          ['/notify/nginx', ok(true)],
        ]),
      ),
    ).toEqual({
      kind: 'warns',
      words: 'Log group /notify/api does not exist.',
    });
    expect(judged(known(['/notify/api', '/notify/nginx'], false)).words).toBe(
      'Log groups /notify/nginx, /notify/api do not exist.',
    );
  });

  it('is not checked where it could not be asked', () => {
    expect(judged(new Map<string, Fact<boolean>>([['/notify/nginx', ok(true)]]))).toEqual(
      notChecked('Whether log group /notify/api exists: not checked (not asked).'),
    );
  });
});

describe('what a definition leans on', () => {
  const complete = [shownOf(COMPLETE_DEFINITION)];

  it('is every secret it names, wherever, and how a bare name is to be read', () => {
    expect([...secretsNamed(complete)].map(([name, kind]) => [name.replace(`${ARN}:notify/`, ''), kind])).toEqual([
      ['db-uri-AbCdEf:uri::v7', 'parameter'],
      ['splunk-AbCdEf', 'parameter'],
      ['registry-AbCdEf', 'secret'],
      ['fsx-AbCdEf', 'secret'],
    ]);
  });

  it('is each role once, and no role that is not written', () => {
    expect(rolesNamed([{ taskRoleArn: 'a', executionRoleArn: 'a' }, { taskRoleArn: '' }, {}])).toEqual(['a']);
  });

  it('is each log group that must be there before a task starts, with its region', () => {
    const group = (options: Record<string, string>, logDriver: 'awslogs' | 'splunk' = 'awslogs') => ({
      name: 'x',
      logConfiguration: { logDriver, options },
    });
    const named = logGroupsNamed([
      {
        containerDefinitions: [
          group({ 'awslogs-group': '/a', 'awslogs-region': 'eu-west-1' }),
          group({ 'awslogs-group': '/a', 'awslogs-region': 'us-east-1' }),
          group({ 'awslogs-group': '/a', 'awslogs-region': 'eu-west-1' }),
          group({ 'awslogs-group': '/b' }),
          group({ 'awslogs-group': '/made-by-itself', 'awslogs-create-group': 'true' }),
          group({ 'awslogs-group': '/elsewhere' }, 'splunk'),
          group({}),
        ],
      },
    ]);
    expect([...named]).toEqual([
      ['/a', { name: '/a', region: 'eu-west-1' }],
      ['/a in us-east-1', { name: '/a', region: 'us-east-1' }],
      ['/b', { name: '/b', region: null }],
    ]);
  });
});
