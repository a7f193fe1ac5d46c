import { fileURLToPath } from 'node:url';

/** The checkout, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** An expected reason to stop: printed as one line, without a stack. */
export class Halt extends Error {}

/** Runs a script's work; an expected failure becomes its one line and exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
