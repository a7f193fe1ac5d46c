import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ROOT } from './root.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The environment with the tools of the checkout on its path. */
export const withTools = (env = process.env) => ({
  ...env,
  PATH: [join(ROOT, 'node_modules/.bin'), env.PATH].join(delimiter),
});

/**
 * Runs a command in front, in the checkout. A signal meant for us ends it first.
 *
 * @param onOutput - Told what it prints, which is printed as well; without it the command writes to our terminal itself.
 * @returns Its exit code; 128 and more where a signal ended it.
 */
export function runStep(command, arguments_, { env = process.env, onOutput } = {}) {
  const child = spawn(command, arguments_, {
    cwd: ROOT,
    env: withTools(env),
    stdio: ['ignore', onOutput ? 'pipe' : 'inherit', onOutput ? 'pipe' : 'inherit'],
  });
  const pass = (signal) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, pass);
  if (onOutput) {
    child.stdout.on('data', (chunk) => onOutput(chunk, process.stdout.write(chunk)));
    child.stderr.on('data', (chunk) => onOutput(chunk, process.stderr.write(chunk)));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const each of SIGNALS) process.off(each, pass);
      // Whoever sent us a signal wants us to end too.
      if (SIGNALS.includes(signal)) process.exit(130);
      resolve(code ?? 128);
    });
  });
}
