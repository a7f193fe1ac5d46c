/** Most groups of one person that are kept; a provider with more is configured to send fewer. */
const MOST_GROUPS = 1000;

/** Longest name of a group that is kept, in characters. */
const LONGEST_NAME = 256;

/**
 * The groups a provider named: a list, or one name alone.
 *
 * A missing claim, or one of another shape, is no groups; members that are not names are left out.
 *
 * @param claims - What an ID token or the userinfo endpoint said.
 * @param name - The configured claim.
 */
export function groupsIn(claims: unknown, name: string): readonly string[] {
  if (typeof claims !== 'object' || claims === null || !Object.hasOwn(claims, name)) return [];
  const claim = (claims as Record<string, unknown>)[name];
  const names = typeof claim === 'string' ? [claim] : Array.isArray(claim) ? claim : [];
  const kept = names.filter(
    (group): group is string => typeof group === 'string' && group !== '' && group.length <= LONGEST_NAME,
  );
  return [...new Set(kept)].sort().slice(0, MOST_GROUPS);
}
