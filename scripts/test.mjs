// `npm test`: makes a fresh machine ready, then runs everything. `--only <step>` runs one step, and what it needs; what
// stands behind it goes to the step's own runner.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuild } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureJq } from './debian.mjs';
import { ensurePackages } from './packages.mjs';
import { Halt, main, ROOT } from './root.mjs';
import { runStep } from './step.mjs';
import { emptyTally } from './tally.mjs';

const WITH_TALLY = ['--reporter=default', '--reporter=./scripts/tally-vitest.mjs'];
const vitest = (project) => ['vitest', 'run', '--project', project, ...WITH_TALLY];

/** Every step in the order of what it costs. A runner's tests are counted; any other step counts where it fails. */
const STEPS = {
  lint: { title: 'Lint', command: ['biome', 'check', '.'] },
  types: { title: 'Types', command: ['npm', 'run', '--silent', 'types'] },
  unused: { title: 'Unused code', command: ['knip'] },
  unit: { title: 'Unit tests', command: vitest('unit'), runner: true },
  integration: {
    title: 'Integration tests, with PostgreSQL',
    command: [process.execPath, 'scripts/with-postgres.mjs', ...vitest('integration')],
    runner: true,
  },
  chaos: {
    title: 'Faults and races, at every step and in random orders',
    command: [process.execPath, 'scripts/with-postgres.mjs', ...vitest('chaos')],
    runner: true,
  },
  build: { title: 'Build', act: () => ensureBuild() },
  packaging: {
    title: 'The build as its container runs it',
    command: [process.execPath, 'scripts/check-standalone.mjs'],
    needs: ['build'],
  },
  install: {
    title: 'Installing it, as docs/install.md says',
    command: [process.execPath, 'scripts/check-install.mjs'],
  },
  security: {
    title: 'Security, from outside',
    command: vitest('security'),
    runner: true,
    needs: ['build'],
  },
  browser: {
    title: 'Browser tests',
    before: async () => ({ CHROMIUM_PATH: (await ensureChromium()) ?? '' }),
    command: ['playwright', 'test'],
    runner: true,
    needs: ['build'],
  },
};

/** Steps by name; what stands here beside the others runs only when asked for. */
const KNOWN = {
  ...STEPS,
  pictures: {
    title: 'Screenshots, into screenshots/',
    before: STEPS.browser.before,
    command: ['playwright', 'test', '--config', 'screenshots.config.ts', 'pictures'],
    needs: ['build'],
  },
  figures: {
    title: 'What pages weigh',
    before: STEPS.browser.before,
    command: ['playwright', 'test', '--config', 'screenshots.config.ts', 'figures'],
    needs: ['build'],
  },
};

await main(async () => {
  const { steps, more } = wishes();
  announce('Packages');
  await ensurePackages();
  await ensureJq();
  const done = [];
  for (const name of steps) done.push(await run(name, { more, done }));
  process.exitCode = summarise(done) ? 0 : 1;
});

function wishes() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
  if (values.only === undefined) return { steps: Object.keys(STEPS), more: [] };
  const step = KNOWN[values.only];
  if (step === undefined) throw new Halt(`--only takes one of ${Object.keys(KNOWN).join(', ')}.`);
  return { steps: [...(step.needs ?? []), values.only], more: positionals };
}

function announce(title) {
  console.log(`\n== ${title}`);
}

async function run(name, { more, done }) {
  const step = KNOWN[name];
  announce(step.title);
  const since = performance.now();
  const failed = done.find((one) => !one.passed && step.needs?.includes(one.name));
  const result = failed
    ? { passed: false, words: `not run, because ${failed.title} failed` }
    : await attempt(name, step, more);
  const seconds = Math.round((performance.now() - since) / 1000);
  if (!result.passed) console.error(`${step.title}: ${result.words ?? 'failed'}.`);
  return { name, title: step.title, seconds, tally: tallyOf(result, step), ...result };
}

async function attempt(name, step, more) {
  try {
    if (step.act) {
      await step.act();
      return { passed: true };
    }
    const file = join(ROOT, '.test', `${name}.json`);
    rmSync(file, { force: true });
    const env = { ...process.env, ...(await step.before?.()), TALLY_FILE: file };
    const [command, ...arguments_] = step.command;
    const code = await runStep(command, [...arguments_, ...(step.runner ? more : [])], { env });
    return { passed: code === 0, counted: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null };
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    return { passed: false, words: error.message };
  }
}

/** A step that failed has failed somewhere, whatever its runner counted. */
function tallyOf({ passed, counted }, { runner }) {
  if (!runner) return { ...emptyTally(), failed: passed ? 0 : 1 };
  const tally = counted ?? emptyTally();
  return passed || tally.failed > 0 ? tally : { ...tally, failed: 1 };
}

function summarise(done) {
  console.log('');
  for (const { title, passed, seconds, words } of done) {
    console.log(
      `${passed ? 'ok    ' : 'FAILED'}  ${String(seconds).padStart(4)} s  ${title}${words ? ` (${words})` : ''}`,
    );
  }
  const all = (member) => done.flatMap(({ tally }) => tally[member]);
  for (const title of all('flaky')) console.log(`Passed only when run again: ${title}`);
  for (const { title, why } of all('skipped')) console.log(`Skipped: ${title} (${why ?? 'no reason given'})`);
  const sum = (member) => all(member).reduce((total, count) => total + count, 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${all('skipped').length} skipped`);
  return done.every(({ passed }) => passed) && sum('failed') === 0;
}
