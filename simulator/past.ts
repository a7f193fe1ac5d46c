import type { Region, World } from './world';

/** A region as it was from a moment on. */
type View = { readonly at: number; readonly region: Region };

/** How the world was, for reads that lag behind. Times are wall milliseconds. */
export type Past = {
  /** Looks at every region, so that there is a view to begin with. */
  readonly begin: (world: World, now: number) => void;
  /** Remembers a region as it is before a request; `write` whether that may change it. */
  readonly look: (
    region: Region,
    request: { readonly now: number; readonly oldestMs: number; readonly write: boolean },
  ) => void;
  /** The region as it was at `at`, or as early as is known; `undefined` where nothing is. */
  readonly at: (region: { readonly account: string; readonly name: string }, at: number) => Region | undefined;
  readonly forget: () => void;
};

/** Views kept beside those before writes. */
const VIEWS = 10;

const keyOf = ({ account, name }: { readonly account: string; readonly name: string }): string => `${account}/${name}`;

/** A past that nobody has looked at yet. */
export function createPast(): Past {
  const views = new Map<string, View[]>();
  const add = (region: Region, now: number, oldestMs: number): void => {
    const known = views.get(keyOf(region)) ?? [];
    const kept = known.filter((_view, index) => (known[index + 1]?.at ?? now) > now - oldestMs);
    views.set(keyOf(region), [...kept, { at: now, region: structuredClone(region) }]);
  };
  return {
    begin: (world, now) => {
      for (const { regions } of world.accounts.values()) {
        for (const region of regions.values()) add(region, now, Number.POSITIVE_INFINITY);
      }
    },
    look: (region, { now, oldestMs, write }) => {
      const last = views.get(keyOf(region))?.at(-1);
      if (write || !last || now - last.at >= oldestMs / VIEWS) add(region, now, oldestMs);
    },
    at: (region, at) => {
      const known = views.get(keyOf(region)) ?? [];
      return (known.findLast((view) => view.at <= at) ?? known[0])?.region;
    },
    forget: () => views.clear(),
  };
}
