import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ROOT } from './root.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The environment with the tools of the checkout on its path. */
const withTools = (env = process.env) => ({
  ...env,
  PATH: [join(ROOT, 'node_modules/.bin'), env.PATH].join(delimiter),
});

/**
 * Runs a command in front, in the checkout. A signal meant for us ends it first.
 *
 * @param isAll - Whether the command is all we are for, so that its orderly end is ours.
 * @returns Its exit code; 128 and more where a signal ended it.
 */
export function runStep(command, arguments_, { env = process.env, isAll = false } = {}) {
  const child = spawn(command, arguments_, { cwd: ROOT, env: withTools(env), stdio: ['ignore', 'inherit', 'inherit'] });
  let told = false;
  const pass = (signal) => {
    told = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const each of SIGNALS) process.off(each, pass);
      // Whoever sent a signal wants us to end too; what was under way is not done, whatever the command made of it.
      if (told || SIGNALS.includes(signal)) process.exit(isAll && code === 0 ? 0 : 130);
      resolve(code ?? 128);
    });
  });
}
