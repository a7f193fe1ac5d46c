import type { Element } from './markup.mjs';

/** A page as a browser without script has it. */
export type OpenPage = {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly page: Element;
};

/** What is posted: entries from a page to an address. Headers replace a browser's own; those that are null are left out. */
export type Sending = {
  readonly from: string;
  readonly to: string;
  readonly multipart?: boolean;
  readonly entries: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Whether redirects are followed; they are where not said. */
  readonly followed?: boolean;
};

export type PlainBrowser = {
  open(url: string): Promise<OpenPage>;
  send(sending: Sending): Promise<OpenPage>;
};

/**
 * Signs somebody in at a dashboard as their browser would, to a page of theirs; the cookie is as a Cookie header takes it.
 */
export function signIn(
  email: string,
  app?: string,
  callbackUrl?: string,
): Promise<{ readonly browser: PlainBrowser; readonly cookie: string }>;

/** What a page says to whoever looks at it. */
export function wordsShown(page: OpenPage): string;
