import { startSimulator } from './start';

/** A mistake of whoever starts the simulator, in one line. */
class Mistake extends Error {}

const { env } = process;

function wholeNumber(name: string, fallback: number, most: number): number {
  const given = env[name] ?? '';
  if (given === '') return fallback;
  if (!/^\d{1,9}$/.test(given) || Number(given) > most) {
    throw new Mistake(`${name} must be a whole number from 0 to ${most}, not "${given}".`);
  }
  return Number(given);
}

function onOrOff(name: string): boolean {
  const given = env[name] ?? '';
  if (given === '' || given === 'off') return false;
  if (given === 'on') return true;
  throw new Mistake(`${name} must be on or off, not "${given}".`);
}

async function main(): Promise<void> {
  const simulator = await startSimulator({
    port: wholeNumber('SIMULATOR_PORT', 4566, 65_535),
    scenario: env.SIMULATOR_SCENARIO || 'notify',
    worldFile: env.SIMULATOR_WORLD || undefined,
    throttle: onOrOff('SIMULATOR_THROTTLE'),
    latencyMs: wholeNumber('SIMULATOR_LATENCY_MS', 0, 600_000),
  });
  console.log(`Simulated AWS (${simulator.world.scenario}): ${simulator.url}`);
  let ending = false;
  const end = (): void => {
    // A second signal must not cut off the writing of the world.
    if (ending) return;
    ending = true;
    void simulator.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end).on('SIGINT', end);
}

main().catch((error: unknown) => {
  console.error(lineFor(error));
  process.exit(1);
});

function lineFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!('code' in error)) return error.message;
  const port = env.SIMULATOR_PORT || '4566';
  if (error.code === 'EADDRINUSE') return `Port ${port} is taken. Set SIMULATOR_PORT to a free one.`;
  if (error.code === 'EACCES') return `Port ${port} may not be used. Set SIMULATOR_PORT to another.`;
  return error.message;
}
