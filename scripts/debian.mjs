import { spawnSync } from 'node:child_process';
import { runStep } from './step.mjs';

/** Whether we may install packages of the distribution: root, on Debian or what comes of it. */
export const mayInstall = () =>
  process.platform === 'linux' && process.getuid() === 0 && spawnSync('apt-get', ['--version']).status === 0;

/** Installs packages of the distribution. */
export async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runStep('apt-get', ['-q', 'update'], { env });
  await runStep('apt-get', ['-q', 'install', '-y', '--no-install-recommends', ...packages], { env });
}

/** Installs jq where we may and it is missing; tests of the commands by hand need it, and say so where it is not there. */
export async function ensureJq(say = console.log) {
  if (spawnSync('jq', ['--version']).status === 0 || !mayInstall()) return;
  say('Installing jq from the distribution …');
  await install(['jq']);
}
