import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { CLI_THAT_STOPS } from '@/lib/domain/cli-version';
import { type Simulator, startSimulator } from '@/simulator/start';
import { accountOf } from '@/simulator/world';
import { type PressWorld, pressWorld, TARGET } from './press-world';

// The commands every plan prints, run as they stand by a real shell, AWS CLI and jq.

const version = (): readonly [number, number] => {
  const { stdout = '', stderr = '' } = spawnSync('aws', ['--version'], { encoding: 'utf8' });
  const [, major = '0', minor = '0'] = /aws-cli\/(\d+)\.(\d+)/.exec(`${stdout}${stderr}`) ?? [];
  return [Number(major), Number(minor)];
};
const [major, minor] = version();
/** The newest that any command here asks for; the same release counts up from 1.0 in the older line. */
const [, stated = ''] = /\b2\.(\d+)/.exec(CLI_THAT_STOPS) ?? [];
const needed = Number(stated);
const isNewEnough = (major === 2 && minor >= needed) || (major === 1 && minor >= needed + 14);
const hasJq = spawnSync('jq', ['--version']).status === 0;
if (!isNewEnough || !hasJq)
  console.warn(`SKIPPED: the commands by hand are not run; there is no ${CLI_THAT_STOPS}, or no jq.`);

describe.skipIf(!isNewEnough || !hasJq)('the commands of a plan', () => {
  let fresh: FreshDatabase;
  let simulator: Simulator;
  let world: PressWorld;
  let folder: string;
  const ENVIRONMENT = {
    AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_REGION: 'eu-west-1',
  };

  beforeAll(() => {
    Object.assign(process.env, ENVIRONMENT);
  });
  afterAll(() => {
    for (const name of [...Object.keys(ENVIRONMENT), 'AWS_ENDPOINT_URL']) delete process.env[name];
  });
  beforeEach(async () => {
    [fresh, simulator] = await Promise.all([
      freshDatabase(process.env.TEST_DATABASE_URL),
      startSimulator({ port: 0, scenario: 'notify', speed: 1_000 }),
    ]);
    process.env.AWS_ENDPOINT_URL = simulator.url;
    world = await pressWorld(fresh.database, `${simulator.url}/_simulator/calls`);
    folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
    await Promise.all([fresh.drop(), simulator.close()]);
  });

  /** Runs them all, as somebody would who pastes them into a shell. */
  async function paste(commands: readonly string[]): Promise<void> {
    const shell = spawn('sh', ['-e'], { cwd: folder, env: process.env, stdio: ['pipe', 'ignore', 'pipe'] });
    let complaint = '';
    shell.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    shell.stdin.end(`${commands.join('\n')}\n`);
    const code = await new Promise((resolve) => shell.on('close', resolve));
    expect(code, complaint).toBe(0);
  }

  const revisionAt = async (name: string) => {
    const read = await world.application.aws.reader(TARGET).describeRevision(name);
    if (!read.ok) throw new Error(read.error.words);
    return read;
  };
  const tagsOf = async (name: string) => (await revisionAt(name)).value.tags;

  const definition = async (revision: string) => {
    const read = await revisionAt(revision);
    const { definition: whole } = read.value.original.open();
    const { taskDefinitionArn: _arn, revision: _number, registeredAt: _at, registeredBy: _by, ...kept } = whole;
    return kept;
  };

  it('for the images alone leave the service on what the tool would have registered', async () => {
    const { byHand } = await world.plan('api', { to: 'api:421', bring: 'images' });
    await paste(byHand);
    const described = await world.application.aws.reader(TARGET).describeServices('notify', ['api']);
    expect(described.ok && described.value.services[0]?.taskDefinitionArn).toMatch(/:task-definition\/api:429$/);
    const [copy, running, wanted] = await Promise.all(['api:429', 'api:428', 'api:421'].map(definition));
    const images = new Map(wanted?.containerDefinitions?.map(({ name, image }) => [name, image]));
    expect(copy).toEqual({
      ...running,
      containerDefinitions: running?.containerDefinitions?.map((container) => ({
        ...container,
        image: images.get(container.name),
      })),
    });
  });

  it('for everything leave it on a copy of the version wanted', async () => {
    const kept = [...(await tagsOf('api:421')), { key: 'cost centre', value: 'a + b = c/d @ e' }];
    const family = accountOf(simulator.world, '111111111111').regions.get('eu-west-1')?.families.get('api');
    const source = family?.revisions.get(421);
    source?.tags.push(...kept.slice(-1), { key: 'ecs-rollback:id', value: 'rb-of-another' });
    const { byHand } = await world.plan('api', { to: 'api:421', bring: 'everything' });
    await paste(byHand);
    const described = await world.application.aws.reader(TARGET).describeServices('notify', ['api']);
    expect(described.ok && described.value.services[0]?.taskDefinitionArn).toMatch(/:task-definition\/api:429$/);
    expect(await tagsOf('api:429')).toEqual(kept);
    const [copy, wanted] = await Promise.all(['api:429', 'api:421'].map(definition));
    expect({ ...copy, status: null, deregisteredAt: null }).toEqual({ ...wanted, status: null, deregisteredAt: null });
  });

  it('for an image that is pinned register the pin', async () => {
    const { byHand } = await world.plan('template-preview', { to: 'template-preview:88' });
    await paste(byHand);
    const copy = await definition('template-preview:92');
    expect(copy.containerDefinitions?.[0]?.image).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  it('for a stop return the service to what ran before', async () => {
    const control = (path: string, body: object) =>
      fetch(`${simulator.url}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
    await control('clock', { speed: 1 });
    const image = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:release-1119';
    await control('deploy', { account: TARGET.account, cluster: 'notify', service: 'api', image });
    const deployments = async () => {
      const listed = await world.application.aws.reader(TARGET).serviceDeployments('notify', 'api');
      if (!listed.ok) throw new Error(listed.error.words);
      return listed.value;
    };
    const [newest] = await deployments();
    const { byHand } = await world.plan('api', { stop: newest?.arn.split('/').at(-1) ?? '' });
    await paste(byHand);
    expect((await deployments())[0]).toMatchObject({ arn: newest?.arn, status: expect.stringMatching(/^ROLLBACK_/) });
  });
});
