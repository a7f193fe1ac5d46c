import type { Target } from '@/lib/domain/target';
import type { OverviewQuery, ServiceRow } from './list-services';

const SHOWS = ['changed', 'deploying', 'too-few', 'all'] as const;

/** Which rows of the overview are shown. */
export type Show = (typeof SHOWS)[number];

/** `target` of the address that means every target. */
export const EVERY_TARGET = 'all';

const DAY_MS = 86_400_000;

/** The targets the address asks for; where it names none, the protected ones, else all there are. */
export function scopeOf({ target }: OverviewQuery, targets: readonly Target[]): readonly Target[] {
  if (target === EVERY_TARGET) return targets;
  const named = targets.filter(({ name }) => name === target);
  const guarded = targets.filter((one) => one.protected);
  return [named, guarded, targets].find(({ length }) => length > 0) ?? [];
}

/** Whether what runs was deployed within a day. */
export const isChanged = ({ changedAt }: ServiceRow, now: number): boolean =>
  changedAt !== null && now - changedAt < DAY_MS;

/** Whether a row belongs to a choice. */
export function isShown(row: ServiceRow, show: Show, now: number): boolean {
  switch (show) {
    case 'changed':
      return isChanged(row, now);
    case 'deploying':
      return row.state.tone === 'progress';
    case 'too-few':
      return row.runningCount < row.desiredCount;
    case 'all':
      return true;
    default:
      return show satisfies never;
  }
}

/** How many rows each choice has; rows of targets that cannot be read just now are left out. */
export function showCounts(rows: readonly ServiceRow[], now: number): Readonly<Record<Show, number>> {
  const count = (show: Show): number => rows.filter((row) => !row.stale && isShown(row, show, now)).length;
  return { changed: count('changed'), deploying: count('deploying'), 'too-few': count('too-few'), all: count('all') };
}

/** What is shown where the address does not say: what changed; all where nothing did, or something is looked for. */
export function showFor(
  { show, q }: OverviewQuery,
  rows: readonly ServiceRow[],
  now: number,
): { readonly show: Show; readonly nothingChanged: boolean } {
  const asked = SHOWS.find((known) => known === show);
  if (asked !== undefined) return { show: asked, nothingChanged: false };
  if (q) return { show: 'all', nothingChanged: false };
  const any = rows.some((row) => isChanged(row, now));
  return { show: any ? 'changed' : 'all', nothingChanged: !any };
}

/** Whether every word looked for stands somewhere in a row. */
export function matches({ service, cluster, running, images, target }: ServiceRow, q: string): boolean {
  if (q === '') return true;
  const text = [service, cluster, target.name, running, ...(images ?? []).map(({ image }) => image)]
    .join(' ')
    .toLowerCase();
  return q
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

type Order = (a: ServiceRow, b: ServiceRow) => number;

const byName: Order = (a, b) => a.service.localeCompare(b.service) || a.target.name.localeCompare(b.target.name);
const byChange: Order = (a, b) => (b.changedAt ?? 0) - (a.changedAt ?? 0) || byName(a, b);

const ORDERS: Readonly<Record<string, Order>> = {
  service: byName,
  target: (a, b) => a.target.name.localeCompare(b.target.name) || byName(a, b),
  changed: byChange,
};

/** Rows in the order asked for; without one, protected targets first and the newest change first. */
export function sorted(rows: readonly ServiceRow[], by: string | undefined): readonly ServiceRow[] {
  const asked = by !== undefined && Object.hasOwn(ORDERS, by) ? ORDERS[by] : undefined;
  const guardedFirst: Order = (a, b) => Number(b.target.protected) - Number(a.target.protected) || byChange(a, b);
  return [...rows].sort(asked ?? guardedFirst);
}
