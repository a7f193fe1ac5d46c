import 'server-only';
import type { Access } from './access';

/** What a browser does during a sign-in: keeps cookies, follows redirects, sends its origin with a form. */
export type PretendBrowser = {
  readonly cookies: Map<string, string>;
  /** Asks the dashboard's `/api/auth/*`. */
  ask(path: string, init?: { method?: string; body?: string; headers?: Record<string, string> }): Promise<Response>;
  /** Presses the sign-in button: the address at the provider it leads to. */
  begin(callbackUrl?: string): Promise<string>;
  /** Signs in at the provider: the address the dashboard is called back at. */
  signInAt(provider: string): Promise<string>;
  /** The whole way: where it ends. */
  signIn(callbackUrl?: string): Promise<string>;
};

/** Where a page goes on to by itself; `null` where it stays. */
export const ledTo = (html: string): string | null =>
  /<meta http-equiv="refresh" content="0; url=([^"]+)">/.exec(html)?.[1]?.replaceAll('&#38;', '&') ?? null;

/** A browser in front of one dashboard. */
export function pretendBrowser(access: Access): PretendBrowser {
  const cookies = new Map<string, string>();
  const location = (response: Response): string => response.headers.get('location') ?? '';

  const browser: PretendBrowser = {
    cookies,
    async ask(path, { method = 'GET', body, headers = {} } = {}) {
      const url = new URL(path, access.baseUrl);
      const cookie = [...cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
      const request = new Request(url, { method, body, headers: { cookie, ...headers } });
      const response = await access.answerAuth(request, url.pathname.split('/').slice(3));
      for (const line of response.headers.getSetCookie()) keep(line);
      return response;
    },
    async begin(callbackUrl = '/services') {
      const response = await browser.ask('/api/auth/signin/oidc', {
        method: 'POST',
        body: new URLSearchParams({ callbackUrl }).toString(),
        headers: { origin: access.baseUrl, 'content-type': 'application/x-www-form-urlencoded' },
      });
      return ledTo(await response.text()) ?? location(response);
    },
    signInAt: async (address) => location(await fetch(address, { redirect: 'manual' })),
    async signIn(callbackUrl) {
      return location(await browser.ask(await browser.signInAt(await browser.begin(callbackUrl))));
    },
  };

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const value = decodeURIComponent(pair.slice(equals + 1));
    if (value === '' || attributes.includes('Max-Age=0')) cookies.delete(pair.slice(0, equals));
    else cookies.set(pair.slice(0, equals), value);
  }
  return browser;
}
