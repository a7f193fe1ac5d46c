import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@/scripts/ports.mjs';
import { ROOT } from '@/scripts/root.mjs';
import { makeStage, type Stage } from './people';

const SERVER = join(ROOT, '.next/standalone/server.js');
const LOCAL = /^(PATH|HOME|TMPDIR|LANG)$/;

let stage: Stage;
let good: NodeJS.ProcessEnv;

beforeAll(async () => {
  stage = await makeStage();
  const { folder, database, issuer } = stage.around;
  good = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => LOCAL.test(name))),
    NODE_ENV: 'production',
    ...database.env,
    ECS_ROLLBACK_CONFIG: join(folder, 'ecs-rollback.yaml'),
    ECS_ROLLBACK_URL: 'http://localhost:1',
    ECS_ROLLBACK_SECRET: '0123456789abcdef0123456789ABCDEF',
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'ecs-rollback',
    OIDC_CLIENT_SECRET: 'client-hunter2',
    HOSTNAME: '127.0.0.1',
  };
});
afterAll(() => stage?.end());

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Starts a process and waits until it ends; one that does not is ended. */
function run(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, command, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    said.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += String(chunk);
  });
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(late);
      resolve({ code, ...said });
    });
  });
}

/** Starts the dashboard with something changed, on a port of its own. */
const start = async (change: Readonly<Record<string, string>>): Promise<Ended> =>
  run([SERVER], { ...good, PORT: String(await freePort()), ...change });

const BAD: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['no secret', { ECS_ROLLBACK_SECRET: '' }, /^ECS_ROLLBACK_SECRET: is not set/],
  ['a short secret', { ECS_ROLLBACK_SECRET: 'x1y2z3'.repeat(5) }, /^ECS_ROLLBACK_SECRET: is shorter than 32 bytes/],
  ['a secret that repeats itself', { ECS_ROLLBACK_SECRET: 'ab'.repeat(32) }, /^ECS_ROLLBACK_SECRET: repeats itself/],
  ['no address', { ECS_ROLLBACK_URL: '' }, /^ECS_ROLLBACK_URL: is not set/],
  [
    'plain http',
    { ECS_ROLLBACK_URL: 'http://rollback.example.org' },
    /^ECS_ROLLBACK_URL: .* neither https nor http on a loopback/,
  ],
  ['a host that only looks like this one', { ECS_ROLLBACK_URL: 'http://localhost.example.org' }, /^ECS_ROLLBACK_URL: /],
  ['a provider by plain http', { OIDC_ISSUER: 'http://login.example.org' }, /^OIDC_ISSUER: /],
  ['trust in forwarded hosts', { AUTH_TRUST_HOST: 'true' }, /^AUTH_TRUST_HOST: must not be set/],
  ['certificates unchecked', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, /^NODE_TLS_REJECT_UNAUTHORIZED: must not be 0/],
  [
    'an unknown setting',
    { ECS_ROLLBACK_SECERT: 'x' },
    /^ECS_ROLLBACK_SECERT: is no setting of this tool; did you mean/,
  ],
  ['a longer session', { SESSION_MAX_SECONDS: '28801' }, /^SESSION_MAX_SECONDS: /],
  ['a longer idle time', { SESSION_IDLE_SECONDS: '86400' }, /^SESSION_IDLE_SECONDS: /],
  ['no port', { PORT: '0' }, /^PORT: "0" is not a whole number from 1 to 65535$/],
  ['a port that only begins like one', { PORT: '3000x' }, /^PORT: "3000x" is not a whole number from 1 to 65535$/],
  ['no database', { DATABASE_URL: '', MIGRATION_DATABASE_URL: '' }, /^DATABASE_URL: is not set/],
  ['a configuration that is not there', { ECS_ROLLBACK_CONFIG: '/nowhere.yaml' }, /^ECS_ROLLBACK_CONFIG: /],
];

/** Lines on standard error that are ours. */
const mistakesIn = ({ stderr }: Ended): readonly string[] => stderr.split('\n').filter((line) => line !== '');

function expectRefused(ended: Ended, words: RegExp): void {
  expect(ended.code).toBe(1);
  const lines = mistakesIn(ended);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.replace(/^ecs-rollback: /, '')).toMatch(words);
  const said = `${ended.stdout}${ended.stderr}`;
  expect(said).not.toMatch(/^\s+at .*\(/m);
  expect(said).not.toMatch(/client-hunter2|x1y2z3x1y2z3|0123456789abcdef/);
}

describe('the dashboard does not start with', () => {
  it.concurrent.each(BAD)('%s, and says so in one line', async (_what, change, words) => {
    expectRefused(await start(change), words);
  });

  it.each([['synchronous_commit', 'off']])('a database whose %s is %s', async (setting, value) => {
    const [{ name = '' } = {}] = await stage.query<{ name: string }>('SELECT current_database() AS name');
    const url = new URL(stage.around.database.env.DATABASE_URL);
    url.pathname = `/${name}`;
    await stage.query(`ALTER DATABASE ${name} SET ${setting} = ${value}`);
    const ended = await start({ DATABASE_URL: url.toString(), MIGRATION_DATABASE_URL: '' });
    await stage.query(`ALTER DATABASE ${name} RESET ${setting}`);
    expectRefused(ended, new RegExp(`^DATABASE_URL: .*${setting}`));
  });
});

describe('a second demo', () => {
  it('beside something that listens is refused in one line that names port and variable', async () => {
    const { dashboard: port } = stage.around.ports;
    const others = { SIMULATOR_PORT: String(await freePort()), OIDC_PORT: String(await freePort()) };
    const ended = await run(['scripts/demo.mjs'], { ...good, ...others, PORT: String(port) });
    expect(ended.code).toBe(1);
    const said = `${ended.stdout}${ended.stderr}`;
    expect(said).toContain(String(port));
    expect(said).toMatch(/\bPORT\b/);
    expect(said).not.toMatch(/^\s+at .*\(/m);
  });
});
