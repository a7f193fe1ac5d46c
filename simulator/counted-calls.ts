import type { Simulator } from './start';

/** Calls by operation. */
export type Counts = Readonly<Record<string, number>>;

type Call = { readonly operation: string; readonly n: number };

/** What a simulator was asked while something was done, by operation. */
export async function callsDuring<T>(
  simulator: Pick<Simulator, 'url'>,
  act: () => Promise<T>,
): Promise<{ readonly answer: T; readonly calls: Counts }> {
  const before = await logged(simulator, 0);
  const since = before.at(-1)?.n ?? 0;
  const answer = await act();
  return { answer, calls: counted(await logged(simulator, since)) };
}

const logged = async ({ url }: Pick<Simulator, 'url'>, since: number): Promise<readonly Call[]> =>
  (await (await fetch(`${url}/_simulator/calls?since=${since}`)).json()) as readonly Call[];

function counted(calls: readonly Call[]): Counts {
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** All calls of a count, but for those that take a role: once an hour for each target. */
export const totalOf = ({ AssumeRole: _roles = 0, ...calls }: Counts): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

/** Lets a fault strike all calls of an operation, until they are lifted. */
export async function strike({ url }: Pick<Simulator, 'url'>, fault: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await fetch(`${url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Lifts every fault. */
export async function lift({ url }: Pick<Simulator, 'url'>): Promise<void> {
  await fetch(`${url}/_simulator/faults`, { method: 'DELETE' });
}
