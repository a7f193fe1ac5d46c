import { setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';

/** As many as a browser has connections to one host. */
const AT_ONCE = 6;

/** Does something with every item, several at a time; the first that fails fails it all. */
export async function together<T>(items: Iterable<T>, act: (item: T) => Promise<void>): Promise<void> {
  const limit = pLimit(AT_ONCE);
  await Promise.all([...items].map((item) => limit(() => act(item))));
}

/** Every pair of two lists. */
export const pairs = <A, B>(as: readonly A[], bs: readonly B[]): readonly (readonly [A, B])[] =>
  as.flatMap((a) => bs.map((b) => [a, b] as const));

const LOOK_MS = 200;

/** Asks until the answer is yes. @throws Error where it is not within the time. */
export async function until(what: string, ask: () => Promise<boolean | undefined>, withinMs = 60_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!(await ask())) {
    if (Date.now() > giveUpAt) throw new Error(`not within ${withinMs} ms: ${what}`);
    await setTimeout(LOOK_MS);
  }
}
