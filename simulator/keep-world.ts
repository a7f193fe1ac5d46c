import { mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fromKeptText, toKeptText } from './kept-text';
import type { World } from './world';

/** How soon after a change the world is written. */
const SOON_MS = 500;
/** Writing a large world takes a while, in which nothing else happens: no more than this share of the time. */
const SHARE = 0.1;

/** A world file that cannot be used, in one line for whoever started the simulator. */
export class UnusableWorld extends Error {}

/**
 * The world a file keeps, or `null` where there is none yet.
 *
 * @throws UnusableWorld where the file is damaged or keeps another scenario.
 */
export function readWorld(file: string, scenario: string): World | null {
  const text = textOf(file);
  if (text === null) return null;
  const world = parsed(text);
  if (world === null) throw new UnusableWorld(`${file} is damaged. Remove it to begin with a new world.`);
  if (world.scenario === scenario) return world;
  throw new UnusableWorld(`${file} keeps the scenario ${world.scenario}, not ${scenario}. Remove it or name another.`);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw new UnusableWorld(`${file} cannot be read: ${messageOf(error)}`);
  }
}

function parsed(text: string): World | null {
  try {
    const value = fromKeptText(text);
    return isWorld(value) ? value : null;
  } catch {
    return null;
  }
}

/** Enough to tell a world from anything else; what is inside a whole file is as it was written. */
const isWorld = (value: unknown): value is World =>
  value !== null &&
  typeof value === 'object' &&
  'scenario' in value &&
  'accounts' in value &&
  value.accounts instanceof Map &&
  'sessions' in value &&
  value.sessions instanceof Map &&
  'clock' in value;

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Keeps the world in a file from now on: a moment after every change and when it is ended. A reader never finds half of
 * it.
 */
export function keepWorld(file: string, worldNow: () => World): { readonly end: () => Promise<void> } {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  let kept: { readonly world: World; readonly changes: number } | null = null;
  let writing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    const world = worldNow();
    if (kept?.world === world && kept.changes === world.changes) return;
    kept = { world, changes: world.changes };
    const text = toKeptText(world);
    writing = writing.then(() => replace(file, text)).catch(complain);
  };
  const writeNow = (): void => {
    const began = performance.now();
    write();
    timer = setTimeout(writeNow, Math.max(SOON_MS, (performance.now() - began) / SHARE));
  };
  timer = setTimeout(writeNow, SOON_MS);
  return {
    end: async () => {
      clearTimeout(timer);
      write();
      await writing;
    },
  };
}

async function replace(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, text, { mode: 0o600 });
  await rename(beside, file);
}

const complain = (error: unknown): void => console.error(`The simulated world could not be kept: ${messageOf(error)}`);
