// `npm test`: makes a fresh machine ready, then runs everything.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function run(title, command, args) {
  console.log(`\n== ${title}`);
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${title} failed.`);
    process.exit(status ?? 1);
  }
}

if (!existsSync(`${ROOT}node_modules/.package-lock.json`)) run('Packages', 'npm', ['ci', '--ignore-scripts']);
run('Lint', 'npm', ['run', '--silent', 'lint']);
run('Types', 'npm', ['run', '--silent', 'types']);
run('Unit tests', 'npm', ['run', '--silent', 'unit']);
