import type { Change } from '@/lib/domain/change';
import type { Place } from '@/lib/domain/diff-place';
import { isTree, type Tree } from '@/lib/domain/normalise';
import { Masked } from '@/lib/domain/sealed';

/** One difference, in words where both sides may be shown; values that are masked stay `null`. */
export function changeOf(place: Place, name: string, before: unknown, after: unknown): Change {
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const [a, b] = shown(place, before, after);
  const masked = hasMasked(before) || hasMasked(after);
  const note = !masked && place.subject === 'size' ? ratio(before, after) : null;
  return {
    subject: place.subject,
    container: place.container,
    name,
    kind,
    before: masked ? null : a,
    after: masked ? null : b,
    note,
  };
}

const hasMasked = (value: unknown): boolean =>
  value instanceof Masked ||
  (Array.isArray(value) ? value.some(hasMasked) : isTree(value) && Object.values(value).some(hasMasked));

/** Both sides in words; whole where what is usually shown of them is the same. */
function shown(place: Place, before: unknown, after: unknown): readonly [string | null, string | null] {
  const short = [words(place, before), words(place, after)] as const;
  const whole = typeof before === 'string' && typeof after === 'string' && short[0] === short[1];
  return whole ? [before, after] : short;
}

/** A value in words: what people call it, with units; compact JSON where it has parts. */
function words(place: Place, value: unknown): string | null {
  if (value === undefined || value === null || hasMasked(value)) return null;
  if (place.path.endsWith('memory') || place.path === 'memoryReservation') return `${String(value)} MiB`;
  if (place.path === 'task.cpu' || place.path === 'cpu') return `${String(value)} CPU units`;
  if (place.path.endsWith('sizeInGiB')) return `${String(value)} GiB`;
  if (place.subject === 'role' && typeof value === 'string') return value.slice(value.lastIndexOf('/') + 1);
  if (place.subject === 'secret' && typeof value === 'string') return tail(value);
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  if (Array.isArray(value) && value.every((member) => typeof member !== 'object')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * The end of where a secret points, `…/db-uri:v7`: the beginning names account and region, which rarely differ, and the
 * six letters AWS appends to a name say nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function tail(valueFrom: string): string {
  const [, , , , , kind = '', name = '', ...parts] = valueFrom.split(':');
  const path = kind === 'secret' ? [name.replace(/-[A-Za-z0-9]{6}$/, ''), ...parts].filter(Boolean).join(':') : '';
  const whole = path || valueFrom.replace(/^arn:(?:[^:]*:){4}parameter/, '');
  const slash = whole.lastIndexOf('/');
  return slash === -1 ? whole : `…${whole.slice(slash)}`;
}

const RATIOS: readonly (readonly [number, string])[] = [
  [0.25, 'a quarter'],
  [0.5, 'half'],
  [2, 'double'],
  [4, 'four times'],
];

function ratio(before: unknown, after: unknown): string | null {
  const [a, b] = [Number(before), Number(after)];
  if (!Number.isFinite(a) || !Number.isFinite(b) || a <= 0) return null;
  return RATIOS.find(([factor]) => b / a === factor)?.[1] ?? null;
}

/** The part of a member that is worth showing: `valueFrom` of a secret, `value` of a variable, all of the rest. */
export function shownPart(place: Place, member: Tree | undefined): unknown {
  if (member === undefined) return undefined;
  if (place.list === 'resourceRequirements' && member.sharingStrategy === undefined) return member.value ?? '';
  if (place.subject === 'environment' || place.list === 'options' || place.list === 'dockerLabels')
    return member.value ?? '';
  if (place.list === 'secrets' || place.list === 'secretOptions') return member.valueFrom ?? '';
  return member;
}
