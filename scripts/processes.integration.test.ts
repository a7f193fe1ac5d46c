import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endProcess, launch, livingIn } from './processes.mjs';
import { ROOT } from './root.mjs';

const WAITS = ['-e', 'console.log("here"); setInterval(() => {}, 1000)'];
const REFUSES = ['-e', 'process.on("SIGTERM", () => {}); console.log("here"); setInterval(() => {}, 1000)'];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'processes-'));
});
afterEach(async () => {
  for (const entry of livingIn(folder)) await endProcess(folder, entry, 0);
  rmSync(folder, { recursive: true });
});

const said = (name: string): string => readFileSync(join(folder, `logs/${name}.log`), 'utf8');
const start = async (name: string, arguments_ = WAITS) => {
  const process_ = launch({ name, folder, arguments_, env: process.env });
  await vi.waitFor(() => expect(said(name)).toContain('here'), { timeout: 30_000 });
  return process_;
};

describe('a process that runs beside us', () => {
  it('has its number in a file as long as it lives, and says how it ended', async () => {
    const one = await start('one');
    expect(readFileSync(join(folder, 'one.pid'), 'utf8')).toBe(`${one.pid}\n`);
    expect(livingIn(folder)).toMatchObject([{ name: 'one', pid: one.pid, isLeft: false, isOurs: true }]);
    process.kill(one.pid, 'SIGKILL');
    expect(await one.ended).toBe('SIGKILL');
    expect(existsSync(join(folder, 'one.pid'))).toBe(false);
    expect(livingIn(folder)).toEqual([]);
  });

  it('ends when it is asked to, and without being asked where it does not', async () => {
    const [willing, unwilling] = await Promise.all([start('willing'), start('unwilling', REFUSES)]);
    await Promise.all([willing.end(30_000), unwilling.end(100)]);
    expect(await Promise.all([willing.ended, unwilling.ended])).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('is found by whoever comes after a launcher that was killed', async () => {
    const script = `import { launch } from ${JSON.stringify(pathToFileURL(join(ROOT, 'scripts/processes.mjs')).href)};
      launch({ name: 'left', folder: ${JSON.stringify(folder)}, arguments_: ${JSON.stringify(WAITS)}, env: process.env });
      process.kill(process.pid, 'SIGKILL');`;
    const launcher = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    await expect(launcher).rejects.toMatchObject({ signal: 'SIGKILL' });
    const [left] = livingIn(folder);
    expect(left).toMatchObject({ name: 'left', isLeft: true, isOurs: false });
    if (left) await endProcess(folder, left, 30_000);
    expect(livingIn(folder)).toEqual([]);
  });

  it('is not mistaken for another that got its number', async () => {
    const one = await start('one');
    const stranger = spawn(process.execPath, WAITS, { stdio: 'ignore' });
    try {
      const file = join(folder, 'run/one.json');
      const entry = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...entry, pid: stranger.pid }));
      expect(livingIn(folder)).toEqual([]);
      await endProcess(folder, { ...entry, pid: stranger.pid }, 0);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
      expect(stranger.kill(0)).toBe(true);
    } finally {
      stranger.kill();
      await one.end(0);
    }
  });
});
