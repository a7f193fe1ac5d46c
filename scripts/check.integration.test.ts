import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Simulator, startSimulator } from '@/simulator/start';
import { SHIPPED } from './iam-policies';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'check-'));
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(async () => {
  await simulator?.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await control('DELETE', 'calls');
  await control('DELETE', 'faults');
});

const control = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${simulator.url}/_simulator/${path}`, { method, ...(body && { body: JSON.stringify(body) }) });

const calls = async (): Promise<readonly { service: string; operation: string }[]> =>
  (await control('GET', 'calls')).json();

const TARGET = {
  account: '111111111111',
  region: 'eu-west-1',
  readerRole: 'arn:aws:iam::111111111111:role/ecs-rollback-reader',
  writerRole: 'arn:aws:iam::111111111111:role/ecs-rollback-writer',
  clusters: ['notify'],
  protected: true,
  colour: 'red',
  operators: ['sre'],
};

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** Runs the command as a person would, on a configuration of these targets. */
function check(targets: object, ...more: readonly string[]): Promise<Ended> {
  const file = join(folder, 'ecs-rollback.yaml');
  writeFileSync(file, stringify({ targets }));
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
    AWS_SECRET_ACCESS_KEY: 'any',
  };
  const arguments_ = ['--conditions=react-server', 'scripts/check.ts', '--config', file, ...more];
  return new Promise((resolve) => {
    execFile(join(ROOT, 'node_modules/.bin/tsx'), arguments_, { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe('npm run check', () => {
  it('tries every permission of the shipped reading policy, and none that changes anything', async () => {
    const { code, out } = await check({ production: TARGET });
    expect(code).toBe(0);
    for (const action of SHIPPED.reader.Statement.flatMap(({ Action }) => Action)) {
      if (action !== 'ecs:ListClusters') expect(out).toMatch(new RegExp(`  ✓ ${action} `));
    }
    expect(out).toMatch(/✓ sts:AssumeRole +taking arn:aws:iam::111111111111:role\/ecs-rollback-writer/);
    const operations = (await calls()).map(({ operation }) => operation);
    expect(operations.length).toBeGreaterThan(10);
    expect(operations.filter((one) => !/^(List|Describe|Get)|^AssumeRole$/.test(one))).toEqual([]);
  });

  it('names what is missing and the exact statement to add, and ends with 1', async () => {
    await control('POST', 'faults', { operation: 'DescribeServices', fault: 'access-denied' });
    const { code, out } = await check({ production: TARGET });
    expect(code).toBe(1);
    expect(out).toContain('✕ ecs:DescribeServices');
    expect(out).toContain(
      '  Add to arn:aws:iam::111111111111:role/ecs-rollback-reader:\n    {"Sid":"ReadService","Effect":"Allow","Action":["ecs:DescribeServices"],"Resource":["arn:aws:ecs:eu-west-1:111111111111:service/notify/*"',
    );
  });

  it('says which role cannot be taken, and what both sides of it need', async () => {
    const writerRole = 'arn:aws:iam::111111111111:role/ecs-rollback-nobody';
    const { code, out } = await check({ production: { ...TARGET, writerRole } });
    expect(code).toBe(1);
    expect(out).toContain(`✕ sts:AssumeRole`);
    expect(out).toContain('Add to the role this process runs with:');
    expect(out).toContain('"Action":["sts:SetSourceIdentity"]');
  });

  it('says that the credentials are of another account than the target', async () => {
    const { code, out } = await check({
      staging: { ...TARGET, account: '222222222222', readerRole: undefined, writerRole: undefined },
    });
    expect(code).toBe(1);
    expect(out).toContain('is account 111111111111');
  });

  it('goes on with the other targets, in the order of the file, or asks one alone', async () => {
    const targets = {
      broken: { ...TARGET, clusters: ['a'], readerRole: TARGET.readerRole.replace('reader', 'none') },
      production: TARGET,
    };
    const { out } = await check(targets);
    expect(out.indexOf('broken')).toBeLessThan(out.indexOf('production  111111111111'));
    expect((await check(targets, '--target', 'production')).code).toBe(0);
  });

  it('asks AWS nothing where the question itself is wrong', async () => {
    const wrong = await check({ production: { ...TARGET, region: 'eu-west' } });
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('"eu-west" is not a region') });
    expect((await check({ production: TARGET }, '--target', 'nobody')).code).toBe(2);
    expect((await check({ production: TARGET }, '--confg')).err).toContain('Usage: npm run check');
    expect(await calls()).toEqual([]);
  });
});
