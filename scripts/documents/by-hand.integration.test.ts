import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fencedBlocks } from '@/scripts/fenced-commands.mjs';
import { type Simulator, startSimulator } from '@/simulator/start';
import { read } from './documents';

const blocks = fencedBlocks(read('docs/by-hand.md'));
const folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
let simulator: Simulator;

beforeAll(async () => {
  // At the pace of real ECS a deployment is still there to be stopped, however long the AWS CLI takes to start.
  simulator = await startSimulator({ port: 0, scenario: 'shop', speed: 1 });
});
afterAll(async () => {
  await simulator?.close();
  rmSync(folder, { recursive: true });
});

/** Whether the AWS CLI here can be sent elsewhere: version 2.13, or 1.29 of the older line. */
function canBeSentElsewhere(): boolean {
  const { stdout, stderr } = spawnSync('aws', ['--version'], { encoding: 'utf8' });
  const [, major = 0, minor = 0] = (/aws-cli\/(\d+)\.(\d+)/.exec(`${stdout}${stderr}`) ?? []).map(Number);
  return (major === 1 && minor >= 29) || (major === 2 && minor >= 13) || major > 2;
}

type Names = Readonly<Record<string, string>>;

/** Runs a block as somebody would paste it, with names in place of the words in capitals. */
async function paste(text: string | undefined, names: Names): Promise<string> {
  const all = { REGION: 'eu-west-1', CLUSTER: 'shop', SERVICE: 'api', ...names };
  const script = Object.entries(all).reduce(
    (commands, [word, name]) => commands.replace(new RegExp(`\\b${word}\\b`, 'g'), name),
    // One name holds two of the words.
    (text ?? '').replace('FAMILY:REVISION', 'WHAT'),
  );
  const { stdout } = await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: 'AKIA463728190550DEMO',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_PAGER: '',
    },
  });
  return stdout;
}

const calls = async (operation: string) => {
  const log = (await (await fetch(`${simulator.url}/_simulator/calls`)).json()) as readonly {
    operation: string;
    input: Readonly<Record<string, unknown>>;
  }[];
  return log.filter((call) => call.operation === operation).map(({ input }) => input);
};

/** Image of the only container of the newest revision that was registered. */
const lastImage = async (): Promise<string> => {
  const registered = (await calls('RegisterTaskDefinition')).at(-1) as { containerDefinitions: { image: string }[] };
  return registered.containerDefinitions[0]?.image ?? '';
};

describe('docs/by-hand.md', () => {
  beforeEach(({ skip }) => {
    skip(spawnSync('jq', ['--version']).status !== 0, 'jq is not installed');
    skip(!canBeSentElsewhere(), 'there is no AWS CLI of 2.13 or newer, and an older one would go to AWS itself');
  });

  it('brings everything of an inactive revision back', async () => {
    await paste(blocks[0]?.text, { WHAT: 'api:11' });
    expect(await lastImage()).toMatch(/\/api:release-29$/);
    expect(await calls('UpdateService')).toEqual([
      { cluster: 'shop', service: 'api', taskDefinition: 'arn:aws:ecs:eu-west-1:463728190550:task-definition/api:13' },
    ]);
  });

  it('brings only the images back', async () => {
    const IMAGE = '463728190550.dkr.ecr.eu-west-1.amazonaws.com/worker:release-28';
    await paste(blocks[1]?.text, { SERVICE: 'worker', WHAT: 'worker:12', CONTAINER: 'app', IMAGE });
    expect(await lastImage()).toBe(IMAGE);
    expect((await calls('UpdateService')).at(-1)).toMatchObject({ service: 'worker' });
  });

  it('stops a deployment that runs', async () => {
    const [list = '', stop = ''] = (blocks[2]?.text ?? '').split('\n');
    const { serviceDeployments } = JSON.parse(await paste(list, { SERVICE: 'worker' })) as {
      serviceDeployments: { serviceDeploymentArn: string }[];
    };
    const [deployment] = serviceDeployments;
    await paste(stop, { DEPLOYMENT: deployment?.serviceDeploymentArn ?? '' });
    expect(await calls('StopServiceDeployment')).toEqual([
      { serviceDeploymentArn: deployment?.serviceDeploymentArn, stopType: 'ROLLBACK' },
    ]);
  });
});
