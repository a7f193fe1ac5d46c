import { type CallLog, callLog } from '@/simulator/wire/call-log';
import { createQuotas, type Quotas } from '@/simulator/wire/quotas';
import { createRegistrations, type Registrations } from '@/simulator/wire/registrations';
import { createFaults, type Faults } from './faults';
import { createPast, type Past } from './past';
import { regionOf, type World } from './world';

/** A running simulator: the world, replaced by a reset, and what stands between it and its callers. */
export type Simulation = {
  world: World;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly past: Past;
  readonly registrations: Registrations;
  /** ECS's quotas; `null` where they are not enforced. */
  readonly quotas: Quotas | null;
  /** Milliseconds every call takes at least. */
  readonly latencyMs: number;
  /** The scenario's world as it begins. */
  readonly begin: (wallMs: number) => World;
};

/** What a simulation is made of. */
export type SimulationOptions = {
  readonly begin: (wallMs: number) => World;
  /** The world to go on with; without one it begins anew. */
  readonly world?: World | null;
  readonly latencyMs?: number | undefined;
  readonly throttle?: boolean | undefined;
};

/** A simulation that nobody has called yet. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { begin, world, latencyMs = 0, throttle = false } = options;
  return {
    world: world ?? begin(Date.now()),
    calls: callLog(),
    faults: createFaults(),
    past: createPast(),
    registrations: createRegistrations(),
    quotas: throttle ? createQuotas() : null,
    latencyMs,
    begin,
  };
}

/** Back to the scenario's start; faults, quotas and log too. */
export function reset(simulation: Simulation): void {
  const before = simulation.world;
  simulation.world = simulation.begin(Date.now());
  keepPromises(before, simulation.world);
  simulation.calls.clear();
  simulation.faults.clear();
  simulation.past.forget();
  simulation.quotas?.refill();
}

/** What AWS never takes back, whatever is undone: numbers and ids given, and credentials issued. */
function keepPromises(before: World, after: World): void {
  after.sequence = Math.max(before.sequence, after.sequence);
  for (const [key, session] of before.sessions) after.sessions.set(key, session);
  for (const account of before.accounts.values()) {
    for (const region of account.regions.values()) {
      const { families } = regionOf(after, account.id, region.name);
      for (const { name, next } of region.families.values()) {
        const family = families.get(name);
        if (family) family.next = Math.max(family.next, next);
        else families.set(name, { name, next, revisions: new Map() });
      }
    }
  }
}
