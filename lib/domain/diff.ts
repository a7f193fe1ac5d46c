import { type Change, SUBJECTS } from '@/lib/domain/change';
import {
  fieldName,
  memberName,
  type Place,
  subjectOfContainerField,
  subjectOfTaskField,
} from '@/lib/domain/diff-place';
import { changeOf, shownPart } from '@/lib/domain/diff-values';
import { parseImage, shortImage } from '@/lib/domain/image';
import { identified, isTree, keyOf, type Normalised, type Tree } from '@/lib/domain/normalise';
import { Masked } from '@/lib/domain/sealed';
import type { Digests } from '@/lib/domain/service';

/** Digests the two sides ran, or will run, with. */
export type BothDigests = { readonly now: Digests; readonly willBe: Digests };

/**
 * What differs between two definitions, now → will be, sorted by risk. Containers that come or go stand first and whole; a
 * field nobody foresaw becomes `other`. Task definition tags are no part of a definition.
 *
 * @param digests - Where known for both sides, images are compared by them: one tag may name two images.
 */
export function diff(now: Normalised, willBe: Normalised, digests?: BothDigests): readonly Change[] {
  const before = containersOf(now);
  const after = containersOf(willBe);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const ofContainers = names.flatMap((name) => containerChanges(name, before.get(name), after.get(name), digests));
  const fields = [...new Set([...Object.keys(now), ...Object.keys(willBe)])].filter(
    (field) => field !== 'containerDefinitions',
  );
  const ofTask = fields.flatMap((field) =>
    fieldChanges(
      { subject: subjectOfTaskField(field), container: null, path: `task.${field}`, list: field },
      now[field],
      willBe[field],
    ),
  );
  return [...ofContainers, ...ofTask].sort((a, b) => SUBJECTS.indexOf(a.subject) - SUBJECTS.indexOf(b.subject));
}

function containersOf(definition: Normalised): ReadonlyMap<string, Tree> {
  const list = Array.isArray(definition.containerDefinitions) ? definition.containerDefinitions.filter(isTree) : [];
  return new Map(list.map((container) => [String(container.name ?? ''), container]));
}

function containerChanges(
  name: string,
  before: Tree | undefined,
  after: Tree | undefined,
  digests: BothDigests | undefined,
): Change[] {
  if (before === undefined || after === undefined) {
    const kind = before === undefined ? 'added' : 'removed';
    const image = (side: Tree | undefined): string | null =>
      side === undefined ? null : shortImage(String(side.image ?? ''));
    return [
      { subject: 'container', container: name, name, kind, before: image(before), after: image(after), note: null },
    ];
  }
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => field !== 'name');
  return fields.flatMap((field) =>
    field === 'image'
      ? imageChange(name, String(before.image ?? ''), String(after.image ?? ''), digests)
      : fieldChanges(
          { subject: subjectOfContainerField(field), container: name, path: field, list: field },
          before[field],
          after[field],
        ),
  );
}

function imageChange(container: string, before: string, after: string, digests: BothDigests | undefined): Change[] {
  const digestNow = parseImage(before).digest ?? digests?.now.get(container);
  const digestThen = parseImage(after).digest ?? digests?.willBe.get(container);
  const bothKnown = digestNow !== undefined && digestThen !== undefined;
  const sameImage = bothKnown
    ? digestNow === digestThen && parseImage(before).name === parseImage(after).name
    : before === after;
  if (sameImage) return [];
  const [shortNow, shortThen] = [shortImage(before), shortImage(after)];
  const sameTag = before === after ? 'same tag, different image' : null;
  const otherRegistry = shortNow === shortThen && before !== after ? 'from another registry' : null;
  return [
    {
      subject: 'image',
      container,
      name: container,
      kind: 'changed',
      before: shortNow,
      after: shortThen,
      note: sameTag ?? otherRegistry,
    },
  ];
}

/** Changes below one field: what has names member by member, trees field by field, all else as one value. */
function fieldChanges(place: Place, before: unknown, after: unknown): Change[] {
  if (same(before, after)) return [];
  const [now, then] = [membersOf(place, before), membersOf(place, after)];
  if (now !== null && then !== null) {
    const changes = memberChanges(place, now, then);
    // What differs in no member differs in their order.
    return changes.length > 0 ? changes : [changeOf(place, fieldName(place), before, after)];
  }
  if ((isTree(before) || before === undefined) && (isTree(after) || after === undefined)) {
    const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    return fields.flatMap((field) =>
      fieldChanges({ ...place, path: `${place.path}.${field}`, list: field }, before?.[field], after?.[field]),
    );
  }
  return [changeOf(place, fieldName(place), before, after)];
}

type Members = ReadonlyMap<string, Tree>;

/** The members of a keyed list or a free-form map by name; `null` for anything else. */
function membersOf({ path, list }: Place, value: unknown): Members | null {
  if (path.endsWith('.options') || path === 'dockerLabels') {
    const entries = isTree(value) ? Object.entries(value) : [];
    return new Map(entries.map(([name, member]) => [name, { name, value: member }]));
  }
  if (value === undefined) return new Map();
  if (!Array.isArray(value)) return null;
  const members = value.filter(isTree);
  const keyed = members.length === value.length && members.every((member) => keyOf(list, member) !== null);
  return keyed ? identified(list, members) : null;
}

const memberChanges = (place: Place, now: Members, then: Members): Change[] =>
  [...new Set([...now.keys(), ...then.keys()])].sort().flatMap((key) => {
    const [a, b] = [now.get(key), then.get(key)];
    if (same(a, b)) return [];
    return [changeOf(place, memberName(place, key, b ?? a), shownPart(place, a), shownPart(place, b))];
  });

/** Whether two values are the same, masked ones by fingerprint. */
export function same(a: unknown, b: unknown): boolean {
  if (a instanceof Masked) return a.equals(b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((member, index) => same(member, b[index]));
  if (!isTree(a) || !isTree(b)) return Object.is(a, b);
  const [ofA, ofB] = [Object.keys(a), Object.keys(b)];
  return ofA.length === ofB.length && ofA.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]));
}
