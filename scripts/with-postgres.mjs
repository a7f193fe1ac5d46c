// Runs a command with TEST_DATABASE_URL: `node scripts/with-postgres.mjs vitest run`. A server already named is used;
// otherwise one is started in a temporary folder, and gone when the command has ended.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { temporaryPostgres } from './postgres.mjs';
import { main, ROOT } from './root.mjs';

const [command, ...arguments_] = process.argv.slice(2);

await main(async () => {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return run(given);
  const postgres = await temporaryPostgres();
  try {
    await run(postgres.superuserUrl);
  } finally {
    await postgres.remove();
  }
});

function run(url) {
  const path = [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const child = spawn(command, arguments_, {
    stdio: 'inherit',
    env: { ...process.env, PATH: path, TEST_DATABASE_URL: url },
  });
  // The command hears a signal too and ends; the server goes after it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}
