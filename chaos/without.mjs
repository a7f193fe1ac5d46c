// `npm run test:protections [-- part of a name]`: takes each protection away in a copy of the sources, and expects a test
// to fail. Prints which did; exit code 1 where one is missed by none.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROTECTIONS } from './protections.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const copy = mkdtempSync(join(tmpdir(), 'ecs-rollback-without-'));

try {
  copySources();
  const [part = ''] = process.argv.slice(2);
  const missed = PROTECTIONS.filter(({ name }) => name.includes(part)).filter((one) => !isNoticed(one));
  for (const { name } of missed) console.log(`NOT NOTICED  ${name}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function copySources() {
  const listed = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).stdout.split('\0');
  for (const file of listed.filter(Boolean)) cpSync(join(ROOT, file), join(copy, file));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
}

/** Whether a test fails without the protection. */
function isNoticed({ name, cuts, by }) {
  for (const [file, text, instead] of cuts) cut(file, text, instead);
  const noticed = by.find(([project, file]) => fails(project, file));
  for (const [file] of cuts) cpSync(join(ROOT, file), join(copy, file));
  if (noticed) console.log(`noticed by ${noticed[1]}: ${name}`);
  return noticed !== undefined;
}

function cut(file, text, instead) {
  const source = readFileSync(join(copy, file), 'utf8');
  if (!source.includes(text)) throw new Error(`${file} does not say ${JSON.stringify(text)}`);
  writeFileSync(
    join(copy, file),
    source.replace(text, () => instead),
  );
}

function fails(project, file) {
  const { status, stdout } = spawnSync('npx', ['vitest', 'run', '--project', project, '--bail', '1', file], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  // A run without tests is no notice.
  return status !== 0 && /Tests .*\bfailed\b/.test(stdout);
}
