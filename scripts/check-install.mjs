// Does what docs/install.md says under "Try it on one machine", in a copy of the sources: its own commands, in its own
// order, on free ports; then what README.md begins with. Packages are those that are installed here.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fencedBlocks } from './fenced-commands.mjs';
import { freePort } from './ports.mjs';
import { Halt, main, ROOT } from './root.mjs';

const HEADING = 'Try it on one machine';
const READY_MS = 180_000;

/** What has to be seen of a command, by a word of it. */
const EXPECTED = [
  { command: 'npm run check', output: /\n {2}\d+ work, 0 missing, 0 not known\./ },
  { command: 'sign-in.mjs', output: /^release-30$/m },
  { command: 'press.mjs', output: /^303 \/rollbacks\/rb-/m },
  { command: 'verify-record', output: /^The record is whole: \d+ entries\./m },
];

/** A clone: what is tracked or new here, beside the same packages. */
function cloned() {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-rollback-install-'));
  chmodSync(folder, 0o755);
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const file of listed.stdout.toString().split('\0').filter(Boolean)) {
    cpSync(join(ROOT, file), join(folder, file), { recursive: true, force: true });
  }
  const linked = spawnSync('cp', ['-al', join(ROOT, 'node_modules'), join(folder, 'node_modules')]);
  if (linked.status !== 0) cpSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  return folder;
}

/** The document's addresses on ports that are free here. */
async function portsFor() {
  const ports = { 3000: await freePort(), 4400: await freePort(), 4566: await freePort() };
  return {
    moved: (text) => text.replace(/:(3000|4400|4566)\b/g, (_, port) => `:${ports[port]}`),
    env: { PORT: String(ports[3000]), OIDC_PORT: String(ports[4400]), SIMULATOR_PORT: String(ports[4566]) },
  };
}

/** A terminal of its own: runs on, and is ready once it has printed an address. */
async function terminal(text, { cwd, env, processes, ready = /https?:\/\/\S+:\d+/ }) {
  const child = spawn('bash', ['-e', '-c', text], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  processes.push(child);
  let said = '';
  let code = null;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  child.once('exit', (with_) => {
    code = with_;
  });
  for (const until = Date.now() + READY_MS; Date.now() < until; await setTimeout(100)) {
    if (ready.test(said)) return;
    if (code !== null) break;
  }
  throw new Halt(`Did not start:\n${text}\n${said}`);
}

/** A block typed into the first terminal, which keeps what was exported before. */
function typed(text, { cwd, env }) {
  const state = join(cwd, '.exported');
  const script = `[ -f ${state} ] && . ${state}\nset -e -o pipefail\n${text}\nexport -p > ${state}\n`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Halt(`Failed:\n${text}\n${stdout}${stderr}`);
  for (const { command, output } of EXPECTED) if (text.includes(command)) assert.match(stdout, output, text);
  return stdout;
}

const END_MS = 120_000;

/** Ends what was started, the last first: the dashboard before what it talks to. A terminal has ended when all in it has. */
async function endAll(processes) {
  for (const { pid } of processes.reverse()) {
    if (!lives(pid)) continue;
    process.kill(-pid, 'SIGTERM');
    for (const until = Date.now() + END_MS; lives(pid) && Date.now() < until; ) await setTimeout(100);
    assert.ok(!lives(pid), 'something did not end');
  }
}

function lives(group) {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

/** The first command of the README, in the same clone without a configuration of its own. */
async function demo({ cwd, env, processes }) {
  const [first] = fencedBlocks(readFileSync(join(ROOT, 'README.md'), 'utf8')).filter(
    ({ language }) => language === 'sh',
  );
  for (const file of ['ecs-rollback.yaml', '.demo']) rmSync(join(cwd, file), { recursive: true, force: true });
  console.log(`$ ${first.text}`);
  await terminal(first.text, { cwd, env, processes, ready: /^Ready: http/m });
}

await main(async () => {
  const document = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');
  const blocks = fencedBlocks(document).filter(({ heading, language }) => heading === HEADING && language === 'sh');
  for (const { command } of EXPECTED)
    assert.ok(
      blocks.some(({ text }) => text.includes(command)),
      `no ${command}`,
    );
  const cwd = cloned();
  const { moved, env: ports } = await portsFor();
  const plain = Object.entries(process.env).filter(([name]) => !/^(AWS_|ECS_ROLLBACK_|OIDC_|DATABASE_)/.test(name));
  const env = { ...Object.fromEntries(plain), ...ports };
  const processes = [];
  try {
    for (const { text, marks } of blocks) {
      const commands = moved(text.replace(/^npm ci .*\n?/m, ''));
      console.log(`$ ${commands.split('\n')[0]}`);
      if (marks.includes('terminal')) await terminal(commands, { cwd, env, processes });
      else process.stdout.write(typed(commands, { cwd, env }));
    }
    console.log('docs/install.md leads from a clone to a signed-in overview and a first rollback.');
    await endAll(processes.splice(0));
    await demo({ cwd, env, processes });
    console.log('README.md leads to the demo.');
  } finally {
    await endAll(processes);
    rmSync(cwd, { recursive: true, force: true });
  }
});
