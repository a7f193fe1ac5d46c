// What the dashboard of the demo is told: its environment and its configuration file.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { devNull, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { Halt, ROOT } from './root.mjs';

/** Where the demo keeps everything. */
export const DEMO_FOLDER = join(ROOT, '.demo');

/** Ports of the demo, by the process that listens on them. */
export function portsFrom(env) {
  return {
    dashboard: portFrom(env, 'PORT', 3000),
    simulator: portFrom(env, 'SIMULATOR_PORT', 4566),
    oidc: portFrom(env, 'OIDC_PORT', 4400),
  };
}

function portFrom(env, name, fallback) {
  const text = env[name] || String(fallback);
  if (/^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536) return Number(text);
  throw new Halt(`${name} must be a port from 1 to 65535, not ${JSON.stringify(text)}.`);
}

/** Settings of the demo that may be given from outside. */
const CLIENT = { OIDC_CLIENT_ID: 'ecs-rollback', OIDC_CLIENT_SECRET: 'not-a-secret-outside-the-demo' };

/**
 * The environment of a dashboard in the demo's world. The dashboard's own settings pass through, but for AWS's: nothing
 * of the demo may reach a real account.
 */
export function dashboardEnvironment({ env, folder, port, baseUrl, ports, database }) {
  return {
    ...withoutAws(env),
    ...given(env, {
      ...CLIENT,
      ECS_ROLLBACK_CONFIG: join(folder, 'ecs-rollback.yaml'),
      ECS_ROLLBACK_URL: baseUrl,
      ECS_ROLLBACK_SECRET: secretOf(folder),
      OIDC_ISSUER: `http://127.0.0.1:${ports.oidc}`,
      NEXT_TELEMETRY_DISABLED: '1',
    }),
    ...(env.ECS_ROLLBACK_CONFIG && { ECS_ROLLBACK_CONFIG: resolve(env.ECS_ROLLBACK_CONFIG) }),
    ...database,
    ...simulatedAws(ports.simulator),
    PORT: String(port),
    HOSTNAME: listeningAddress(env),
  };
}

/** The environment of a dashboard with a configuration of one's own: what was given, and a database. */
export const ownEnvironment = ({ env, database }) => ({
  ...env,
  ...database,
  ECS_ROLLBACK_CONFIG: resolve(env.ECS_ROLLBACK_CONFIG || join(ROOT, 'ecs-rollback.yaml')),
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_ENV: 'production',
  HOSTNAME: listeningAddress(env),
});

/** What was given from outside, and the demo's own where nothing was. An empty setting is a given one. */
const given = (env, own) =>
  Object.fromEntries(Object.entries(own).map(([name, value]) => [name, env[name] === undefined ? value : env[name]]));

const withoutAws = (env) => Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));

const simulatedAws = (port) => ({
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIA111111111111DEMO',
  AWS_SECRET_ACCESS_KEY: 'demo',
  AWS_EC2_METADATA_DISABLED: 'true',
  // Profiles may name endpoints and credentials too.
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
});

/** Loopback, unless something else was asked for; containers set HOSTNAME to their own name without being asked. */
export const listeningAddress = (env) => (env.HOSTNAME && env.HOSTNAME !== hostname() ? env.HOSTNAME : '127.0.0.1');

/** The environment of the simulator. */
export const simulatorEnvironment = ({ env, folder, port }) => ({
  ...withoutAws(env),
  SIMULATOR_PORT: String(port),
  SIMULATOR_WORLD: join(folder, 'world.json'),
});

/** The environment of the provider, which lets people return to the dashboard alone. */
export const providerEnvironment = ({ env, folder, port, addresses }) => ({
  ...withoutAws(env),
  ...given(env, CLIENT),
  OIDC_PORT: String(port),
  OIDC_REDIRECT_URIS: [...new Set(addresses)].map((address) => `${address}/api/auth/callback/oidc`).join(' '),
  OIDC_STORE: join(folder, 'oidc.json'),
});

function secretOf(folder) {
  const file = join(folder, 'secret');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** Writes the demo's configuration file. */
export function writeConfiguration(folder, { replicas, scenario }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ecs-rollback.yaml'), configuration({ replicas, scenario }));
}

/** What the demo's pipelines show when they ask for holds. */
export const demoToken = (target) => `not-a-secret-outside-the-demo-${target}`;

const TARGETS = [
  { name: 'production', account: '111111111111', colour: 'red', guarded: true, operators: ['rollback-operators'] },
  { name: 'staging', account: '222222222222', colour: 'yellow', operators: ['rollback-operators', 'rollback-staging'] },
  {
    name: 'preview',
    account: '333333333333',
    colour: 'lightBlue',
    operators: ['rollback-operators', 'rollback-staging'],
  },
];

const configuration = ({ replicas, scenario }) => `# Written anew by every start of the demo.
company: GOV.UK Notify
runbookUrl: https://runbooks.notify.example/roll-back-a-release
ownersContact: "#sre-help"
replicas: ${replicas}
groups: { claim: groups, from: id-token }
showValuesOf: [LOG_LEVEL]
targets:
${TARGETS.map((target) => targetOf(target, scenario)).join('')}`;

const targetOf = ({ name, account, colour, guarded = false, operators }, scenario) => `  ${name}:
    account: "${account}"
    region: eu-west-1
    readerRole: arn:aws:iam::${account}:role/ecs-rollback-reader
    writerRole: arn:aws:iam::${account}:role/ecs-rollback-writer
    externalId: ecs-rollback-demo
${scenario === 'notify' ? '    clusters: [notify]\n' : ''}    protected: ${guarded}
    colour: ${colour}
    pipelineUrl: https://concourse.notify.example/teams/notify/pipelines/deploy-${name}
    holdTokens: { concourse: ${createHash('sha256').update(demoToken(name)).digest('hex')} }
    operators: [${operators.join(', ')}]
    viewers: [rollback-viewers]
    services:
      api: { mainContainer: app, checkUrl: "https://api.${name}.notify.example/_status" }
`;
