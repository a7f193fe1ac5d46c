import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import { SIGN_IN_PATH } from './configuration';
import { mistakePage, PAGE_HEADERS, SCRIPT, SCRIPT_PATH, STYLE, STYLE_PATH, signInPage } from './pages';
import { PEOPLE, personOf } from './people';
import type { Store } from './store';

/** Largest body of a form or a control request, in characters. */
const LARGEST = 10_000;

type World = { readonly provider: Provider; readonly store: Store };
type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** Answers what is not the protocol itself: the sign-in page, its look, health and control. Says whether it did. */
export async function answerOwn(world: World, exchange: Exchange): Promise<boolean> {
  const { request, response } = exchange;
  const path = new URL(request.url ?? '/', 'http://provider').pathname;
  if (path === '/health') send(response, 200, { 'Content-Type': 'text/plain' }, 'ok\n');
  else if (path === STYLE_PATH) send(response, 200, { 'Content-Type': 'text/css' }, STYLE);
  else if (path === SCRIPT_PATH) send(response, 200, { 'Content-Type': 'text/javascript' }, SCRIPT);
  else if (path === '/_control/groups') await setGroups(world.store, exchange);
  else if (path.startsWith(SIGN_IN_PATH)) await signIn(world.provider, exchange);
  else return false;
  return true;
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  response.writeHead(status, headers).end(body);
}

async function signIn(provider: Provider, { request, response }: Exchange): Promise<void> {
  try {
    // Throws where the browser has not just come from the dashboard.
    await provider.interactionDetails(request, response);
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    return send(
      response,
      400,
      PAGE_HEADERS,
      mistakePage('This sign-in was begun too long ago, or in another browser.'),
    );
  }
  if (request.method === 'POST') return enter(provider, { request, response });
  const email = new URL(request.url ?? '/', 'http://provider').searchParams.get('email') ?? '';
  send(response, 200, PAGE_HEADERS, signInPage({ email, mistake: null }));
}

async function enter(provider: Provider, { request, response }: Exchange): Promise<void> {
  const form = new URLSearchParams(await bodyOf(request));
  const email = form.get('email') ?? '';
  const person = personOf(email);
  if (person === undefined || !form.get('password')) {
    const mistake = person === undefined ? 'There is no account with this e-mail address.' : 'Enter your password.';
    return send(response, 422, PAGE_HEADERS, signInPage({ email, mistake }));
  }
  await provider.interactionFinished(request, response, { login: { accountId: person.sub } });
}

/** What the next read of somebody's groups says, for tests. */
async function setGroups(store: Store, { request, response }: Exchange): Promise<void> {
  const json = { 'Content-Type': 'application/json' };
  const refuse = (status: number, words: string): void =>
    send(response, status, json, `${JSON.stringify({ error: words })}\n`);
  if (request.method !== 'POST') return refuse(405, 'POST {"email", "groups"}');
  const { email, groups } = asObject(await bodyOf(request));
  const person = typeof email === 'string' ? personOf(email) : undefined;
  if (person === undefined) return refuse(404, `email: one of ${PEOPLE.map((one) => one.email).join(', ')}`);
  if (!isNames(groups)) return refuse(400, 'groups: a list of names');
  store.setGroups(person.sub, groups);
  send(response, 200, json, `${JSON.stringify({ email: person.email, groups })}\n`);
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

function asObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > LARGEST) return '';
  }
  return body;
}
