/**
 * Whether a request that could change something was made by a page of our own.
 *
 * Closed by default: a missing or `null` origin is foreign, and so is anything but the configured base URL. `Host` and
 * `X-Forwarded-Host` are not looked at, since a client can write both.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isOwnRequest(headers: Pick<Headers, 'get'>, baseUrl: string): boolean {
  if (headers.get('origin') !== new URL(baseUrl).origin) return false;
  const site = headers.get('sec-fetch-site');
  return site === null || site === 'same-origin';
}
