import { readFileSync } from 'node:fs';
import { allowedActions } from '@/simulator/neighbours/policies';
import { accountOf, type World } from '@/simulator/world';

/** Who deploys in every scenario. */
export const PIPELINE_ROLE = 'concourse-deploy';

const POLICIES = new URL('../../docs/iam/', import.meta.url);

const shipped = (file: string): string[] =>
  allowedActions(JSON.parse(readFileSync(new URL(file, POLICIES), 'utf8')) as unknown);

const trusts = (principal: Readonly<Record<string, string>>): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
});

const TASKS = trusts({ Service: 'ecs-tasks.amazonaws.com' });

/** Adds the two roles people are asked to make, with the policies shipped for them, and the pipeline's. */
export function addShippedRoles(world: World, account: string, now: number): void {
  const trustPolicy = trusts({ AWS: `arn:aws:iam::${account}:root` });
  const add = (name: string, actions: readonly string[]): void =>
    addRole(world, account, { name, actions, trustPolicy, now });
  add('ecs-rollback-reader', shipped('reader-policy.json'));
  add('ecs-rollback-writer', shipped('writer-policy.json'));
  add(PIPELINE_ROLE, ['ecs:*', 'ecr:*', 'iam:PassRole']);
}

/** Adds roles that tasks take. */
export function addTaskRoles(world: World, account: string, names: readonly string[], now: number): void {
  for (const name of names) addRole(world, account, { name, actions: [], trustPolicy: TASKS, now });
}

type NewRole = {
  readonly name: string;
  readonly actions: readonly string[];
  readonly trustPolicy: object;
  readonly now: number;
};

function addRole(world: World, account: string, { name, actions, trustPolicy, now }: NewRole): void {
  accountOf(world, account).roles.set(name, {
    name,
    path: '/',
    arn: roleArn(account, name),
    trustPolicy,
    actions,
    externalId: null,
    maxSessionSeconds: 3600,
    createdAt: now,
  });
}

export const roleArn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
