// Memory and processor time of processes, as the kernel counts them.
import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of one process, in MiB. */
export const residentMiB = (pid) => kibOf(pid, 'status', 'VmRSS') / 1024;

/** What a server and its children hold, pages they share counted once, in MiB. */
export function sharedMiB(pid) {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + kibOf(one, 'smaps_rollup', 'Pss'), 0) / 1024;
}

/** A process that ended meanwhile holds nothing. */
function kibOf(pid, file, name) {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Ticks the kernel counts in a second. */
const TICKS = 100;

/** Processor time a process has used, in milliseconds. */
export function processorMs(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ').slice(11, 13);
  return ((Number(user) + Number(system)) * 1_000) / TICKS;
}
