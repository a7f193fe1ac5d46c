// Builds the dashboard into .next/standalone, complete with what it serves: `npm run build`.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Halt, main, ROOT } from './root.mjs';
import { runStep } from './step.mjs';

const NEXT = join(ROOT, '.next');
const STANDALONE = join(NEXT, 'standalone');

/** What the build runs with: `node` and this. */
export const SERVER = join(STANDALONE, 'server.js');

/** Remembers which sources a build was made of; lies inside it, so that it goes with it. */
const MARK = join(STANDALONE, '.built-from');

/** Everything a build is made of. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'instrumentation.ts',
  'instrumentation-node.ts',
  'proxy.ts',
  'scripts/log-lines.mjs',
  'scripts/modest-memory.mjs',
  'scripts/keep-alive.mjs',
  'scripts/no-upgrade.mjs',
  'scripts/port.mjs',
  'scripts/readable-paths.mjs',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];

/** What comes before everything else in the server. */
const FIRST = [
  'modest-memory.mjs',
  'port.mjs',
  'log-lines.mjs',
  'keep-alive.mjs',
  'no-upgrade.mjs',
  'readable-paths.mjs',
];

/** Builds unless the last build was made of the same sources. `isInUse` says that a dashboard runs from the last build. */
export async function ensureBuild({ isInUse = false, say = console.log } = {}) {
  const sources = sourcesHash();
  if (existsSync(SERVER) && existsSync(MARK) && readFileSync(MARK, 'utf8') === sources) return;
  if (isInUse) throw new Halt('The sources have changed since the build that is running here. Stop it first.');
  say('Building the dashboard (about half a minute) …');
  await build(sources);
}

async function build(sources) {
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
  const code = await runStep('next', ['build'], { env });
  if (code !== 0) {
    // What a build that died leaves behind can make the next one die as well.
    rmSync(NEXT, { recursive: true, force: true });
    throw new Halt('The dashboard could not be built; the compiler said why above.');
  }
  cpSync(join(NEXT, 'static'), join(STANDALONE, '.next/static'), { recursive: true });
  const files = join(ROOT, 'public');
  if (existsSync(files)) cpSync(files, join(STANDALONE, 'public'), { recursive: true });
  comeFirst(FIRST);
  writeFileSync(MARK, sources);
}

/** Has the server run these before anything of its own. */
function comeFirst(files) {
  for (const file of files) cpSync(join(ROOT, 'scripts', file), join(STANDALONE, file));
  const imports = files.map((file) => `import './${file}';\n`).join('');
  writeFileSync(SERVER, `${imports}${readFileSync(SERVER, 'utf8')}`);
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesIn)) {
    hash
      .update(`${file}\n`)
      .update(readFileSync(join(ROOT, file)))
      .update('\n');
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(join(ROOT, path))) return [];
  if (statSync(join(ROOT, path)).isFile()) return /\.test\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(join(ROOT, path))
    .sort()
    .flatMap((name) => filesIn(`${path}/${name}`));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(() => build(sourcesHash()));
