import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { canonical } from '@/lib/digest';
import { filled, type Policy, SHIPPED } from '@/scripts/iam-policies';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'roles-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NAMES = {
  REGION: ['eu-west-1', 'eu-west-2'],
  ACCOUNT: ['111111111111'],
  CLUSTER: ['mail', 'shop'],
  PASSED_ROLE: ['arn:aws:iam::111111111111:role/mail-*', 'arn:aws:iam::111111111111:role/shop-*'],
  DASHBOARD_ROLE: ['arn:aws:iam::999999999999:role/ecs-rollback'],
  EXTERNAL_ID: ['REGION-of-a-word'],
};

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;

/** What a policy says, whatever the order of its members and of the values of a list. */
const meaning = (policy: Policy): unknown =>
  JSON.parse(JSON.stringify(policy), (_, value) => (Array.isArray(value) ? [...value].sort(byText) : value));
const byText = (a: unknown, b: unknown): number => (canonical(a) < canonical(b) ? -1 : 1);

/** Runs the script beside a stand-in for the AWS CLI, and gives what that was asked to do. */
function madeRoles(existing: boolean): readonly (readonly string[])[] {
  const log = join(folder, `asked-${existing}`);
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, 'aws'),
    `#!/bin/sh
case "$1 $2" in
  'sts get-caller-identity') echo 111111111111; exit ;;
  'iam get-role') exit ${existing ? 0 : 254} ;;
esac
printf '%s\\0' "$@" >> '${log}'; printf '\\n' >> '${log}'
`,
  );
  chmodSync(join(bin, 'aws'), 0o755);
  execFileSync('sh', ['docs/iam/make-roles.sh'], {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: [bin, process.env.PATH].join(delimiter),
      DASHBOARD_ROLE: NAMES.DASHBOARD_ROLE[0],
      EXTERNAL_ID: NAMES.EXTERNAL_ID[0],
      REGIONS: NAMES.REGION.join(' '),
      CLUSTERS: NAMES.CLUSTER.join(' '),
      PASSED_ROLES: NAMES.PASSED_ROLE.join(' '),
    },
  });
  const asked = readFileSync(log, 'utf8');
  return asked
    .split('\0\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\0'));
}

const documentOf = (call: readonly string[] | undefined): unknown => meaning(JSON.parse(call?.at(-1) ?? 'null'));
const expected = (name: keyof typeof SHIPPED): unknown => meaning(filled(SHIPPED[name], NAMES));

describe('the one command that makes the roles', () => {
  beforeEach(({ skip }) => skip(!has('jq'), 'jq is not installed'));

  it('creates each with its trust, then gives it its policy', () => {
    const calls = madeRoles(false);
    expect(calls.map(([, verb, , role]) => `${verb} ${role}`)).toEqual([
      'create-role ecs-rollback-reader',
      'put-role-policy ecs-rollback-reader',
      'create-role ecs-rollback-writer',
      'put-role-policy ecs-rollback-writer',
    ]);
    expect(documentOf(calls[0])).toEqual(expected('trust'));
    expect(documentOf(calls[1])).toEqual(expected('reader'));
    expect(documentOf(calls[3])).toEqual(expected('writer'));
  });

  it('brings roles that are there up to date', () => {
    const calls = madeRoles(true);
    expect(calls.map(([, verb]) => verb)).toEqual([
      'update-assume-role-policy',
      'put-role-policy',
      'update-assume-role-policy',
      'put-role-policy',
    ]);
    expect(documentOf(calls[0])).toEqual(expected('trust'));
  });

  it('asks for what it was not told, before it does anything', () => {
    const { status, stderr } = spawnSync('sh', ['docs/iam/make-roles.sh'], {
      cwd: ROOT,
      env: process.env,
    });
    expect(status).not.toBe(0);
    expect(stderr.toString()).toContain('DASHBOARD_ROLE');
  });
});

describe('the Terraform module', () => {
  beforeEach(({ skip }) => skip(!has('terraform'), 'terraform is not installed'));

  it('is formatted as Terraform does', () => {
    expect(spawnSync('terraform', ['fmt', '-check', 'docs/terraform'], { cwd: ROOT }).status).toBe(0);
  });

  it('makes the same policies of the same files', () => {
    // Without its provider: what the account and the partition are is said here.
    const module = join(folder, 'terraform');
    cpSync(join(ROOT, 'docs/iam'), join(folder, 'iam'), { recursive: true });
    mkdirSync(module);
    for (const file of ['variables.tf', 'policies.tf']) cpSync(join(ROOT, 'docs/terraform', file), join(module, file));
    writeFileSync(
      join(module, 'main.tf'),
      `locals {\n account = "111111111111"\n partition = "aws"\n}\noutput "policies" {\n value = local.policies\n sensitive = true\n}\n`,
    );
    writeFileSync(
      join(module, 'terraform.tfvars.json'),
      JSON.stringify({
        dashboard_role: NAMES.DASHBOARD_ROLE[0],
        external_id: NAMES.EXTERNAL_ID[0],
        regions: NAMES.REGION,
        clusters: NAMES.CLUSTER,
        passed_roles: NAMES.PASSED_ROLE,
      }),
    );
    const terraform = (...arguments_: readonly string[]): string =>
      execFileSync('terraform', arguments_, { cwd: module, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    terraform('init', '-input=false');
    terraform('apply', '-input=false', '-auto-approve');
    const policies = JSON.parse(terraform('output', '-json', 'policies')) as Readonly<Record<string, string>>;
    for (const name of ['reader', 'writer', 'trust'] as const) {
      expect(meaning(JSON.parse(policies[name] ?? 'null'))).toEqual(expected(name));
    }
  });
});
