// Runs a command with TEST_DATABASE_URL: `node scripts/with-postgres.mjs vitest run`. A server already named is used;
// otherwise one is started in a temporary folder, and gone when the command has ended.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { main, ROOT } from './root.mjs';
import { temporaryPostgres } from './temporary-postgres.mjs';

const [command, ...arguments_] = process.argv.slice(2);

// The command hears a signal and ends; the server goes after it.
let child = null;
let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    ending = true;
    child?.kill(signal);
  });
}

await main(async () => {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return run(given);
  const postgres = await temporaryPostgres();
  try {
    if (!ending) await run(postgres.superuserUrl);
  } finally {
    await postgres.remove();
  }
});

function run(url) {
  const path = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, TEST_DATABASE_URL: url };
  child = spawn(command, arguments_, { stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}
