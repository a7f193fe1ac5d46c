import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ROOT } from '@/scripts/root.mjs';
import { endLeftovers, type Surroundings, startSurroundings } from '@/scripts/stack.mjs';
import { forgetEverything } from '@/scripts/stack-database.mjs';

/** What of the surroundings can be handed from the process that starts them to those that test. */
export type Around = Pick<Surroundings, 'folder' | 'ports' | 'simulator' | 'issuer' | 'database'>;

declare module 'vitest' {
  interface ProvidedContext {
    arounds: readonly Around[];
  }
}

/** Settings of whoever runs the tests must not reach what is tested. */
const PASSED_ON = /^(PATH|HOME|TMPDIR|TMP|TEMP|LANG|LC_\w+|TZ|SYSTEMROOT|NODE_OPTIONS)$/;

/** Starts the simulated AWS, the provider and a database for every worker, once for the whole suite. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const workers = Array.from({ length: Number(project.config.maxWorkers) }, (_, index) => index + 1);
  const started = await Promise.all(workers.map(startFor));
  project.provide('arounds', started.map(handedOn));
  return async () => {
    await Promise.all(started.map((around) => around.stop()));
  };
}

async function startFor(worker: number): Promise<Surroundings> {
  const folder = join(ROOT, `.test/security-${worker}`);
  await endLeftovers(folder, () => undefined);
  await forgetEverything(folder);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));
  return startSurroundings({ folder, env, say: () => undefined });
}

const handedOn = ({ folder, ports, simulator, issuer, database, env }: Surroundings): Around =>
  ({ folder, ports, simulator, issuer, database, env }) as Around;
