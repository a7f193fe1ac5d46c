import 'server-only';
import pLimit from 'p-limit';
import type { Fact } from '@/lib/domain/facts';
import { ok } from '@/lib/result';

/** One page of a list. */
export type Page<T> = { readonly items: readonly T[]; readonly nextToken: string | undefined };

/** Calls of one question that are under way at once. */
const AT_ONCE = 5;

/**
 * All items of a list in pages. A page may be short or empty and still lead to another; a repeated token ends the list.
 * One page that cannot be read fails the whole list.
 */
export async function everyPage<T>(
  read: (token: string | undefined) => Promise<Fact<Page<T>>>,
): Promise<Fact<readonly T[]>> {
  const seen = new Set<string>();
  const items: T[] = [];
  let token: string | undefined;
  do {
    if (token !== undefined) seen.add(token);
    const page = await read(token);
    if (!page.ok) return page;
    items.push(...page.value.items);
    token = page.value.nextToken;
  } while (token !== undefined && token !== '' && !seen.has(token));
  return ok(items);
}

/**
 * Asks about the items in groups of at most `size`, a few groups at once, and joins the answers in order. One group
 * that cannot be read fails the whole.
 */
export async function inGroups<T, A>(
  items: readonly T[],
  size: number,
  ask: (group: readonly T[]) => Promise<Fact<readonly A[]>>,
): Promise<Fact<readonly A[]>> {
  const limit = pLimit(AT_ONCE);
  const groups = Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
  const answers = await Promise.all(groups.map((group) => limit(() => ask(group))));
  const unread = answers.find((answer) => !answer.ok);
  if (unread !== undefined) return unread;
  return ok(answers.flatMap((answer) => (answer.ok ? answer.value : [])));
}
