import { type IncomingHttpHeaders, request } from 'node:http';

/** An answer as it came over the wire. */
export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

/** A request as an attacker writes it: nothing is added, encoded or put in order. */
export type Question = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Says how long the body is in pieces, as it is sent, instead of beforehand. */
  readonly chunked?: boolean;
  /** How long an answer may take, in milliseconds. */
  readonly waitMs?: number;
};

const WAIT_MS = 30_000;

/** Asks for a path exactly as it is written. */
export function ask(base: string, path: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, chunked = false, waitMs = WAIT_MS } = question;
  const { hostname, port, host } = new URL(base);
  const length = body === undefined ? {} : lengthOf(body, chunked);
  const options = { hostname, port, path, method, headers: { host, ...length, ...headers }, timeout: waitMs };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in ${waitMs} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

const lengthOf = (body: string | Buffer, chunked: boolean): Readonly<Record<string, string>> =>
  chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(Buffer.byteLength(body)) };

/**
 * Asks for what the framework's script fetches of a page. The framework insists on a mark in such an address, and says
 * which; it is asked again with that.
 */
export async function askRsc(person: Asking, path: string): Promise<Answer> {
  const answer = await person.ask(path, { headers: RSC });
  const marked = /[?&]_rsc(=|&|$)/.test(answer.headers.location ?? '') ? answer.headers.location : undefined;
  if (marked === undefined) return answer;
  const { pathname, search } = new URL(marked, 'http://localhost');
  return person.ask(`${pathname}${search}`, { headers: RSC });
}

type Asking = { ask(path: string, question?: Question): Promise<Answer> };

const RSC = { rsc: '1' } as const;

/** The path and query an answer leads to; `null` where it leads nowhere. */
export function leadsTo({ headers }: Answer): string | null {
  const byScript = headers['x-action-redirect'];
  return headers.location ?? (typeof byScript === 'string' ? (byScript.split(';')[0] ?? null) : null);
}

/** The words of a page's main part, without markup. */
export function wordsOf({ body }: Answer): string {
  const main = /<main\b[\s\S]*?<\/main>/.exec(body)?.[0] ?? body;
  return main
    .replace(/<(script|style|noscript)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}
