import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ROOT } from '@/scripts/root.mjs';
import { endLeftovers, type Surroundings, startSurroundings } from '@/scripts/stack.mjs';
import { forgetEverything } from '@/scripts/stack-database.mjs';

/** What of the surroundings can be handed from the process that starts them to those that test. */
export type Around = Pick<Surroundings, 'folder' | 'ports' | 'simulator' | 'issuer' | 'database'>;

declare module 'vitest' {
  interface ProvidedContext {
    around: Around;
  }
}

/** Settings of whoever runs the tests must not reach what is tested. */
const PASSED_ON = /^(PATH|HOME|TMPDIR|TMP|TEMP|LANG|LC_\w+|TZ|SYSTEMROOT|NODE_OPTIONS)$/;

/** Starts the simulated AWS, the provider and a database, once for the whole suite. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const folder = join(ROOT, '.test/security');
  await endLeftovers(folder, () => undefined);
  await forgetEverything(folder);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));
  const around = await startSurroundings({ folder, env, say: () => undefined });
  const { ports, simulator, issuer, database } = around;
  project.provide('around', { folder, ports, simulator, issuer, database, env } as Around);
  return () => around.stop();
}
