// `npm run conformance -- --endpoint URL`: whether an endpoint does what we rely on about Amazon ECS.
import { parseArgs } from 'node:util';
import { ECSClient } from '@aws-sdk/client-ecs';
import { startSimulator } from '@/simulator/start';
import { runConformance } from './run';

const USAGE = `Usage: npm run conformance -- [options]
  --endpoint URL   what to check; without one a simulator of its own
  --region R       default eu-west-1
  --account A      account of the demonstration key, where the environment names no credentials
  --patience N     factor on every time limit; for Amazon ECS itself 15 (default 1)
  --subnets a,b    subnets tasks may run in; Amazon ECS needs some
  --image I        image any task may run (default public.ecr.aws/nginx/nginx:1.29)`;

const options = {
  endpoint: { type: 'string' },
  region: { type: 'string', default: 'eu-west-1' },
  account: { type: 'string', default: '111111111111' },
  patience: { type: 'string', default: '1' },
  subnets: { type: 'string', default: '' },
  image: { type: 'string', default: 'public.ecr.aws/nginx/nginx:1.29' },
  help: { type: 'boolean' },
} as const;

/** How much faster than Amazon ECS a simulator of our own runs. */
const SPEED = 300;

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const patience = Number(values.patience);
  if (!(patience > 0)) throw new Error(`--patience must be a number above 0, not "${values.patience}".`);
  const own = values.endpoint === undefined ? await startSimulator({ port: 0, scenario: 'empty', speed: SPEED }) : null;
  const ecs = new ECSClient({
    endpoint: values.endpoint ?? own?.url,
    region: values.region,
    ...(hasCredentials() ? {} : { credentials: { accessKeyId: `AKIA${values.account}DEMO`, secretAccessKey: 'any' } }),
  });
  const subnets = values.subnets.split(',').filter(Boolean);
  console.log(`Checking ${values.endpoint ?? 'a simulator of its own'} in ${values.region}.`);
  const fine = await runConformance({ ecs, place: { image: values.image, subnets, patience }, say: console.log });
  await own?.close();
  return fine ? 0 : 1;
}

const hasCredentials = (): boolean =>
  ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'].some(
    (name) => process.env[name],
  );

process.exitCode = await main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  return 2;
});
