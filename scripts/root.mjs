import { fileURLToPath } from 'node:url';
import { endWithNpm } from './npm-above.mjs';

/** The checkout, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** An expected reason to stop: printed as one line, without a stack. */
export class Halt extends Error {}

const OLDEST_NODE = [20, 19];

/** What `parseArgs` finds wrong with a command line is the words of whoever typed it. */
const isAboutArguments = (error) => String(error?.code).startsWith('ERR_PARSE_ARGS_');

/** Runs a script's work; an expected failure becomes its one line and exit code 1. */
export async function main(work) {
  try {
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
      throw new Halt(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
    }
    endWithNpm();
    await work();
  } catch (error) {
    if (!(error instanceof Halt || isAboutArguments(error))) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
