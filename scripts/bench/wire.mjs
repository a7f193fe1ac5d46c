// Calls of AWS as the simulated one counted them, and the fewest that could have told the same.

/** What was asked of AWS while something was done: by operation, each with its entry of the log. */
export async function callsDuring({ simulator }, act) {
  const since = await lastCall(simulator);
  const answer = await act();
  return { answer, calls: await callsSince(simulator, since) };
}

const entries = async (simulator, since) => (await fetch(`${simulator}/_simulator/calls?since=${since}`)).json();

/** Number of the last call so far. */
export const lastCall = async (simulator) => (await entries(simulator, 0)).at(-1)?.n ?? 0;

/** Calls after that one, but for those that take a role: one an hour for each target. */
export const callsSince = async (simulator, since) =>
  (await entries(simulator, since)).filter(({ operation }) => operation !== 'AssumeRole');

const SWEEPING = new Set(['ListClusters', 'ListServices', 'DescribeServices']);

/** Calls that keep an overview young. */
export const isSweeping = ({ operation }) => SWEEPING.has(operation);

/** `3 ListServices, 1 UpdateService`. */
export function saidOf(calls) {
  const counts = new Map();
  for (const { operation } of calls) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts].map(([operation, count]) => `${count} ${operation}`).join(', ');
}

/** Everything the simulated AWS holds, Region by Region. */
export async function regionsOf({ simulator }) {
  const { accounts } = await (await fetch(`${simulator}/_simulator/state`)).json();
  return Object.values(accounts).flatMap(({ regions }) => Object.values(regions));
}
