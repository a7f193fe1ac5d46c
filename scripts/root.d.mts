/** The checkout, with a slash at its end. */
export const ROOT: string;
/** An expected reason to stop: printed as one line, without a stack. */
export class Halt extends Error {}
/** Runs a script's work; an expected failure becomes its one line and exit code 1. */
export function main(work: () => Promise<void>): Promise<void>;
