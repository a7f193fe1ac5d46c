import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isAlive } from './alive.mjs';

const LOOK_MS = 250;

/** Shells that npm may have put between itself and us, and npm itself. */
const FARTHEST = 3;

/**
 * Sends this process SIGTERM when the npm it was started by has ended. npm tells its own child alone, which is a shell
 * that goes without telling anybody.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const above = untilNpm(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && above.every(isAlive)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  timer.unref();
}

/** Process numbers from our parent up to npm; none where npm is not among the nearest, whose end would mean nothing. */
function untilNpm(parent) {
  const chain = [];
  for (let pid = parent; chain.length < FARTHEST && pid > 1; ) {
    const { name, above } = lookAt(pid);
    chain.push(pid);
    if (/^(npm|node)\b/.test(name)) return chain;
    pid = above;
  }
  return [];
}

/** What a process is called, and who started it. */
function lookAt(pid) {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' });
    const [, above = 0, name = ''] = /^\s*(\d+)\s+(?:.*\/)?(.*)/.exec(stdout ?? '') ?? [];
    return { name, above: Number(above) };
  }
  try {
    const [, name = '', above = 0] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, above: Number(above) };
  } catch {
    return { name: '', above: 0 };
  }
}
