import 'server-only';

/** What is filled, and how one key of it is read. */
type Filling = {
  /** Fetches what of these is kept elsewhere, before anything is read. */
  recall(keys: readonly string[]): Promise<void>;
  isKnown(key: string): boolean;
  read(key: string): Promise<unknown>;
  /** Keys read at once. */
  readonly atOnce: number;
};

type Open = { wanted: readonly string[]; readonly asked: Set<string>; recalled: Promise<unknown> };

/**
 * Reads keys in the background, one filling at a time, whoever asks. What was asked for last comes first: somebody has it
 * before them. Resolves once nothing that was asked for is left.
 */
export function filling({ recall, isKnown, read, atOnce }: Filling): (keys: readonly string[]) => Promise<void> {
  let open: (Open & { readonly done: Promise<void> }) | null = null;

  const add = (to: Open, keys: readonly string[]): void => {
    const first = new Set(keys);
    const fresh = keys.filter((key) => !to.asked.has(key));
    for (const key of fresh) to.asked.add(key);
    to.wanted = [...first, ...to.wanted.filter((key) => !first.has(key))];
    if (fresh.length > 0) to.recalled = Promise.all([to.recalled, recall(fresh)]);
  };
  const next = async (from: Open): Promise<string | undefined> => {
    await from.recalled;
    const [key, ...rest] = from.wanted.filter((one) => !isKnown(one));
    from.wanted = rest;
    return key;
  };
  const work = async (from: Open): Promise<void> => {
    for (let key = await next(from); key !== undefined; key = await next(from)) await read(key);
  };

  return (keys) => {
    const unknown = [...new Set(keys)].filter((key) => !isKnown(key));
    if (unknown.length === 0) return open?.done ?? Promise.resolve();
    if (open === null) {
      const fresh: Open = { wanted: [], asked: new Set(), recalled: Promise.resolve() };
      add(fresh, unknown);
      const done = Promise.all(Array.from({ length: atOnce }, () => work(fresh))).then(() => undefined);
      open = Object.assign(fresh, {
        done: done.finally(() => {
          open = null;
        }),
      });
    } else add(open, unknown);
    return open.done;
  };
}
