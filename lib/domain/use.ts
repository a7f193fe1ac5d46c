/** Cookie a page sets for a moment before it asks for itself again. */
export const BY_ITSELF_COOKIE = 'by-itself';

/** How long it stands, in seconds: as long as the request takes to leave. */
export const BY_ITSELF_SECONDS = 2;

/**
 * Whether somebody made a request, rather than a page that refreshes itself. Only what people do keeps a session alive.
 *
 * A page says so by a cookie; without script it is a browser's navigation that nobody's key or pointer began. A browser
 * that does not say how a navigation began is believed.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-user-header
 */
export function isUse(headers: Pick<Headers, 'get'>, cookies: { has(name: string): boolean }): boolean {
  if (cookies.has(BY_ITSELF_COOKIE)) return false;
  if (/prefetch/.test(headers.get('sec-purpose') ?? headers.get('purpose') ?? '')) return false;
  const navigates = headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';
  return !navigates || headers.get('sec-fetch-user') === '?1';
}
