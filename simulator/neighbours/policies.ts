/** The actions a policy document allows; resources and conditions are not looked at. */
export function allowedActions(policy: unknown): string[] {
  if (policy === null || typeof policy !== 'object' || !('Statement' in policy)) throw new Error('no statement');
  const statements = [policy.Statement].flat() as readonly { readonly Effect?: unknown; readonly Action?: unknown }[];
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => [Action].flat())
    .filter((action) => typeof action === 'string');
}

/** Whether one of the patterns, with `*` and `?`, covers the action; case does not matter. */
export function covers(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
}

function matches(pattern: string, action: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === action;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(action);
}
