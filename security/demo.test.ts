import { execFile, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@/scripts/ports.mjs';
import { dataFolder } from '@/scripts/postgres.mjs';
import { ROOT } from '@/scripts/root.mjs';
import { signIn } from '@/scripts/walk-in.mjs';
import { ask, leadsTo } from './ask';
import { PEOPLE, showing } from './people';
import { PLAN } from './surface';
import { until } from './together';

let folder: string;
let env: NodeJS.ProcessEnv;
const started: number[] = [];

/** Settings of whoever runs the tests must not reach what is tested. */
const PASSED_ON = /^(PATH|HOME|TMPDIR|LANG)$/;
const LEFT_OUT = /^(node_modules|\.next|\.git|\.demo|\.test|screenshots|test-results)($|\/)/;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ecs-rollback-demo-'));
  chmodSync(folder, 0o755);
  // A checkout of its own with the same packages and the same build: nobody's demo is touched.
  cpSync(ROOT, folder, { recursive: true, filter: (path) => !LEFT_OUT.test(relative(ROOT, path)) });
  for (const shared of ['node_modules', '.next']) symlinkSync(join(ROOT, shared), join(folder, shared));
  env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
    NODE_ENV: 'production',
    PORT: String(await freePort()),
    SIMULATOR_PORT: String(await freePort()),
    OIDC_PORT: String(await freePort()),
  };
});
afterAll(() => {
  for (const pid of started) killAll(pid);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the demo, and waits until it has said that it is ready or has ended. */
function demo(): Promise<{ readonly pid: number; readonly said: string; readonly code: number | null }> {
  const child = spawn(process.execPath, ['scripts/demo.mjs'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid ?? 0;
  started.push(pid);
  let said = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said += String(chunk);
        if (/^Ready: /m.test(said)) resolve({ pid, said, code: null });
      });
    }
    child.on('close', (code) => resolve({ pid, said, code }));
  });
}

/** A process and all that came of it, as the kernel knows it. */
function family(pid: number): readonly number[] {
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

/** Kills a demo with everything it started, the database included, none of them told. */
function killAll(launcher: number): void {
  const data = dataFolder(join(folder, '.demo/postgres'));
  for (const pid of [...family(launcher), ...pidIn(join(data, 'postmaster.pid'))]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was faster.
    }
  }
}

function pidIn(file: string): readonly number[] {
  try {
    return [Number(readFileSync(file, 'utf8').split('\n')[0])];
  } catch {
    return [];
  }
}

const verified = async (): Promise<number> => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'verify-record'], { cwd: folder, env });
  return Number(/^The record is whole: (\d+) entries/.exec(stdout)?.[1]);
};

describe('a demo', () => {
  it('refuses a second one beside it by its port, and starts again with everything after all of it was killed', async () => {
    const first = await demo();
    expect(first.code, first.said).toBeNull();
    const second = await demo();
    expect(second.code).toBe(1);
    expect(second.said).toContain(`Port ${env.PORT} is taken`);
    expect(second.said).not.toMatch(/^\s+at .*\(/m);

    const url = `http://localhost:${env.PORT}`;
    const operator = showing((await signIn(PEOPLE.operator, url)).cookie, url);
    const form = await operator.plan(PLAN);
    const rollback = form && leadsTo(await operator.press(form));
    expect(rollback).toMatch(/^\/rollbacks\/rb-/);
    const before = await verified();
    expect(before).toBeGreaterThan(1);
    killAll(first.pid);

    const again = await demo();
    expect(again.code, again.said).toBeNull();
    expect(await verified()).toBeGreaterThanOrEqual(before);
    // Nobody has to sign in again, and what was pressed is known and comes to an end.
    expect((await operator.ask('/status')).status).toBe(200);
    await ask(`http://127.0.0.1:${env.SIMULATOR_PORT}`, '/_simulator/clock', { method: 'POST', body: '{"speed":60}' });
    await until('the rollback has ended', async () => {
      const { body } = await operator.ask(`${rollback}/progress`);
      return (JSON.parse(body) as { readonly ended: boolean }).ended;
    });
    await verified();
  }, 300_000);
});
