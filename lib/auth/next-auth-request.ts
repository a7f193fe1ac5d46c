import 'server-only';
import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth, { type AuthOptions } from 'next-auth';

/** A request as next-auth's handler reads it. */
export type AuthQuestion = {
  readonly method: 'GET' | 'POST';
  /** What follows `/api/auth/`. */
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
};

/**
 * What next-auth answers, as a response.
 *
 * Its handler is called with the request as plain members, so that what reaches it is what we chose to pass: no header,
 * no cookie of others.
 */
export async function askNextAuth(question: AuthQuestion, options: AuthOptions): Promise<Response> {
  const headers = new Headers();
  let status = 200;
  let body: string | null = null;
  const response = {
    status(code: number) {
      status = code;
      return response;
    },
    getHeader: (name: string) => (headers.has(name) ? headers.getSetCookie() : undefined),
    setHeader(name: string, value: string | readonly string[]) {
      headers.delete(name);
      for (const one of [value].flat()) headers.append(name, one);
      return response;
    },
    send(value: unknown) {
      body = typeof value === 'string' ? value : JSON.stringify(value ?? {});
    },
    json(value: unknown) {
      headers.set('Content-Type', 'application/json');
      body = JSON.stringify(value);
    },
    end: () => undefined,
  };
  const request = {
    method: question.method,
    query: { ...question.query, nextauth: [...question.segments] },
    body: question.method === 'POST' ? { ...question.body } : undefined,
    cookies: { ...question.cookies },
    headers: {},
  };
  // The handler reads these members and calls these methods, no others.
  await NextAuth(request as unknown as NextApiRequest, response as unknown as NextApiResponse, options);
  return new Response(body, { status, headers });
}
