import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeServicesCommand, ListTaskDefinitionsCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, controlOf, ecsAt } from './fixtures';
import { fromKeptText, toKeptText } from './kept-text';
import { type Simulator, startSimulator } from './start';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const POLL = { timeout: 20_000, interval: 50 };

let folder: string;
let worldFile: string;
let running: Simulator[] = [];
let processes: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'world-'));
  worldFile = join(folder, 'deep', 'world.json');
});

afterEach(async () => {
  await Promise.all(running.map((simulator) => simulator.close()));
  for (const child of processes) child.kill('SIGKILL');
  running = [];
  processes = [];
  rmSync(folder, { recursive: true, force: true });
});

async function start(scenario = 'notify'): Promise<Simulator> {
  const simulator = await startSimulator({ port: 0, scenario, worldFile });
  running.push(simulator);
  return simulator;
}

async function restarted(simulator: Simulator): Promise<Simulator> {
  await simulator.close();
  return start();
}

/** What `main.ts` says and how it ends, from a shell. */
function shell(env: Record<string, string>): {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, SIMULATOR_SCENARIO: 'empty', SIMULATOR_PORT: '0', SIMULATOR_WORLD: '', ...env },
  });
  processes.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
  return { child, said: () => text, ended: new Promise((resolve) => child.on('close', resolve)) };
}

describe('a kept world', () => {
  it('is the same after a restart, maps and all', async () => {
    const first = await start();
    await controlOf(first.url).post('deploy', {
      account: ACCOUNT,
      cluster: 'notify',
      service: 'api',
      image: 'api:new',
    });
    await controlOf(first.url).post('clock', { speed: 0 });
    const before = structuredClone(first.world);
    const second = await restarted(first);
    expect(second.world).toEqual(before);
    const { taskDefinitionArns } = await ecsAt(second.url).send(
      new ListTaskDefinitionsCommand({ familyPrefix: 'api', sort: 'DESC' }),
    );
    expect(taskDefinitionArns?.[0]).toMatch(/api:429$/);
  });

  it('goes on with what was under way', async () => {
    const first = await start();
    const command = { cluster: 'notify', service: 'admin' };
    await ecsAt(first.url).send(new UpdateServiceCommand({ ...command, forceNewDeployment: true }));
    const second = await restarted(first);
    await controlOf(second.url).post('clock', { advanceSeconds: 120 });
    const { services } = await ecsAt(second.url).send(
      new DescribeServicesCommand({ cluster: 'notify', services: ['admin'] }),
    );
    expect(services?.[0]?.deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  });

  it('still knows that the deployment it would return to is one of those it has', async () => {
    const first = await start();
    const serviceIn = ({ world }: Simulator) =>
      world.accounts.get(ACCOUNT)?.regions.get('eu-west-1')?.services.get('notify/api');
    expect(serviceIn(first)?.lastCompleted).toBe(serviceIn(first)?.deployments[0]);
    const second = await restarted(first);
    expect(serviceIn(second)?.lastCompleted).not.toBeNull();
    expect(serviceIn(second)?.lastCompleted).toBe(serviceIn(second)?.deployments[0]);
  });

  it('is written a moment after a change, whole, and survives the process being killed', async () => {
    const { child, said, ended } = shell({ SIMULATOR_WORLD: worldFile });
    await expect.poll(said, POLL).toContain('http://');
    const url = /http:\S+/.exec(said())?.[0] ?? '';
    await controlOf(url).post('clock', { advanceSeconds: 77 });
    await expect
      .poll(() => existsSync(worldFile) && readFileSync(worldFile, 'utf8').includes('-77000'), POLL)
      .toBe(true);
    child.kill('SIGKILL');
    await ended;
    const simulator = await start('empty');
    expect(simulator.world.clock.offsetMs).toBe(-77_000);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['world.json']);
  });

  it('keeps what a reset promised', async () => {
    const first = await start();
    const wish = { account: ACCOUNT, cluster: 'notify', service: 'api', image: 'api:new' };
    await controlOf(first.url).post('deploy', wish);
    await controlOf(first.url).post('reset', {});
    const second = await restarted(first);
    expect(await controlOf(second.url).post('deploy', wish)).toMatchObject({
      taskDefinition: expect.stringMatching(/api:430$/),
    });
  });

  it('of another scenario is refused', async () => {
    await (await start('empty')).close();
    await expect(start('notify')).rejects.toThrow(`${worldFile} keeps the scenario empty, not notify.`);
  });
});

describe('from a shell', () => {
  it.each([
    ['cut off', '[1,["x"'],
    ['of another layout', '{"scenario":"empty"}'],
    ['of something else', '[1,["x"]]'],
    ['empty', ''],
  ])('a world file that is %s is one clear line, and stays as it is', async (_what, text) => {
    const file = join(folder, 'world.json');
    writeFileSync(file, text);
    const { said, ended } = shell({ SIMULATOR_WORLD: file });
    expect(await ended).toBe(1);
    expect(said()).toBe(`${file} is damaged. Remove it to begin with a new world.\n`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('a taken port is one clear line', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { said, ended } = shell({ SIMULATOR_PORT: port });
    expect(await ended).toBe(1);
    expect(said()).toBe(`Port ${port} is taken. Set SIMULATOR_PORT to a free one.\n`);
    other.close();
  });

  it.each([
    [{ SIMULATOR_PORT: 'http' }, 'SIMULATOR_PORT must be a whole number from 0 to 65535, not "http".'],
    [{ SIMULATOR_THROTTLE: 'yes' }, 'SIMULATOR_THROTTLE must be on or off, not "yes".'],
    [{ SIMULATOR_SCENARIO: 'mars' }, 'There is no scenario mars. There are: notify, large, shop, empty.'],
  ])('a mistake is one clear line: %j', async (env, line) => {
    const { said, ended } = shell(env);
    expect(await ended).toBe(1);
    expect(said()).toBe(`${line}\n`);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at %s with the world kept, whatever hangs', async (signal) => {
    const { child, said, ended } = shell({ SIMULATOR_WORLD: worldFile });
    await expect.poll(said, POLL).toContain('http://');
    const url = /http:\S+/.exec(said())?.[0] ?? '';
    await controlOf(url).post('faults', { operation: 'ListClusters', fault: 'hang' });
    const hanging = fetch(url, {
      method: 'POST',
      headers: {
        'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters',
        authorization: 'AWS4-HMAC-SHA256 Credential=AKIA111111111111DEMO/20260101/eu-west-1/ecs/aws4_request',
      },
    }).catch(() => 'cut off');
    await expect.poll(() => controlOf(url).calls(), POLL).toHaveLength(1);
    await controlOf(url).post('clock', { advanceSeconds: 5 });
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(await hanging).toBe('cut off');
    expect(readFileSync(worldFile, 'utf8')).toContain('-5000');
  });
});

describe('kept text', () => {
  it('brings back maps, dates, what was one object, and names such as __proto__', () => {
    const shared = { a: [1, 'x', null, true] };
    const odd = JSON.parse('{"__proto__":{"y":1},"constructor":2}') as object;
    const value = {
      when: new Date(5),
      map: new Map<unknown, unknown>([
        ['k', shared],
        [7, new Map()],
      ]),
      shared,
      odd,
    };
    const back = fromKeptText(toKeptText(value)) as typeof value;
    expect(back).toEqual(value);
    expect(back.map.get('k')).toBe(back.shared);
    expect(JSON.stringify(back.odd)).toBe('{"__proto__":{"y":1},"constructor":2}');
  });

  it('leaves out what has no value, and refuses what cannot be kept', () => {
    expect(fromKeptText(toKeptText({ a: undefined, b: 1 }))).toEqual({ b: 1 });
    expect(() => toKeptText({ a: Number.NaN })).toThrow('cannot be kept');
    expect(() => toKeptText({ a: () => 1 })).toThrow('cannot be kept');
  });
});
