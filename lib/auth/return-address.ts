/** Where somebody goes whose address is not one of ours. */
export const START = '/services';

/** Longest address that is kept through a sign-in, in characters. */
const LONGEST = 2048;

/**
 * Pages a sign-in may return to. A segment is anything but a slash: what it names is looked up and checked there.
 *
 * A test holds this list to the pages that exist.
 */
const PAGES: readonly RegExp[] = [
  /^\/services$/,
  /^\/services\/[^/]+\/[^/]+\/[^/]+$/,
  /^\/services\/[^/]+\/[^/]+\/[^/]+\/revisions\/[^/]+$/,
  /^\/services\/[^/]+\/[^/]+\/[^/]+\/(?:compare|rollback)$/,
  /^\/groups\/[^/]+(?:\/rollback)?$/,
  /^\/(?:group-)?rollbacks\/[^/]+$/,
  /^\/record(?:\/download)?$/,
  /^\/go$/,
  /^\/status$/,
];

/** Control characters and the backslash, which browsers read as a slash. */
const NEVER_IN_AN_ADDRESS = /[\p{Cc}\\]/u;

/**
 * The path and query to go to after sign-in: the wished address where it is one of our own pages, else `/services`.
 *
 * @param wished - What a form, a cookie or a query said; anything at all.
 * @param baseUrl - Public base URL of the dashboard.
 */
export const returnAddress = (wished: unknown, baseUrl: string): string => pageAt(wished, baseUrl) ?? START;

/** Path and query of the page of ours an address names; null where it names none. */
export function pageAt(wished: unknown, baseUrl: string): string | null {
  if (typeof wished !== 'string' || wished.length > LONGEST || NEVER_IN_AN_ADDRESS.test(wished)) return null;
  const url = parsed(wished, baseUrl);
  if (url === null || url.origin !== new URL(baseUrl).origin || url.username !== '' || url.password !== '') return null;
  const known = PAGES.some((page) => page.test(url.pathname)) && decodesCleanly(url.pathname);
  return known ? `${url.pathname}${url.search}` : null;
}

/** The address, relative ones read against the base; only a path from the root or a whole URL is one. */
function parsed(wished: string, baseUrl: string): URL | null {
  if (wished.startsWith('/') ? wished.startsWith('//') : !/^https?:\/\//i.test(wished)) return null;
  return URL.canParse(wished, baseUrl) ? new URL(wished, baseUrl) : null;
}

/** Whether no segment hides a slash, a backslash or a control character behind its encoding. */
function decodesCleanly(pathname: string): boolean {
  try {
    return pathname
      .split('/')
      .map(decodeURIComponent)
      .every((segment) => !segment.includes('/') && !NEVER_IN_AN_ADDRESS.test(segment));
  } catch {
    return false;
  }
}
