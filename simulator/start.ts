import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setSpeed, worldTime } from './clock';
import { answerControl, isControl } from './control';
import { keepWorld, readWorld } from './keep-world';
import { SCENARIOS } from './scenarios/scenarios';
import { createSimulation, type Simulation } from './simulation';
import { answerAws } from './wire/server';
import type { World } from './world';

/** How a simulator is started. */
export type SimulatorOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** Default `notify`. */
  readonly scenario?: string;
  /** How many times faster than in ECS waits pass; default is the scenario's, or the kept world's. */
  readonly speed?: number;
  /** File that keeps the world from one start to the next; without one nothing is kept. */
  readonly worldFile?: string;
  /** Milliseconds every call takes at least; default 0. */
  readonly latencyMs?: number;
  /** Whether ECS's published quotas are enforced; default not. */
  readonly throttle?: boolean;
};

/** A simulator that answers. */
export type Simulator = {
  readonly url: string;
  readonly port: number;
  /** The world as it is; another one after a reset. */
  readonly world: World;
  /** Ends it, whatever hangs, and keeps the world. */
  close(): Promise<void>;
};

/**
 * Starts a simulator on loopback.
 *
 * @throws UnusableWorld where the world file is damaged or of another scenario.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { scenario = 'notify', worldFile } = options;
  const begin = Object.hasOwn(SCENARIOS, scenario) ? SCENARIOS[scenario] : undefined;
  if (!begin) throw new Error(`There is no scenario ${scenario}. There are: ${Object.keys(SCENARIOS).join(', ')}.`);
  const world = worldFile === undefined ? null : readWorld(worldFile, scenario);
  const simulation = createSimulation({ ...options, begin, world });
  if (options.speed !== undefined) {
    setSpeed(simulation.world, options.speed, worldTime(simulation.world, Date.now()));
  }
  const server = createServer((request, response) => void answer(simulation, request, response));
  // Longer than callers keep idle connections, so that none is closed under a request on its way.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  const kept = worldFile === undefined ? null : keepWorld(worldFile, () => simulation.world);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get world() {
      return simulation.world;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await kept?.end();
    },
  };
}

async function answer(simulation: Simulation, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (isControl(request)) await answerControl(simulation, request, response);
    else await answerAws(simulation, request, response);
  } catch (error) {
    console.error('The simulator failed:', error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}
