import { elements, wordsOf } from './markup.mjs';
import { formOn, plainBrowser } from './plain-browser.mjs';
import { Halt } from './root.mjs';

/** Where the dashboard is. */
export const APP = (process.env.APP || 'http://localhost:3000').replace(/\/$/, '');

const SESSION_COOKIE = /^(__Host-)?ecs-rollback$/;

/**
 * Signs somebody in at a dashboard as their browser would, and returns that browser and its session cookie.
 *
 * @param callbackUrl - Page they come to; the start where none is named.
 */
export async function signIn(email, app = APP, callbackUrl = '') {
  const browser = plainBrowser();
  const door = `/sign-in${callbackUrl && `?${new URLSearchParams({ callbackUrl })}`}`;
  const start = await browser.open(`${app}${door}`).catch(({ cause, message }) => {
    throw new Halt(`${app} does not answer (${cause?.code ?? message}). APP names another address.`);
  });
  const way = formOn(start, ({ attributes }) => attributes.action?.includes('/api/auth/signin/'));
  if (way === null) throw new Halt(`${start.url} has no way to sign in: ${wordsShown(start)}`);
  const provider = await browser.send({ from: start.url, to: way.to, entries: way.entries() });
  const form = formOn(provider, (_form, page) => elements(page, isPassword).length > 0);
  if (form === null) throw new Halt(`The provider did not ask who is there: ${wordsShown(provider)}`);
  const entries = form.entries((control) => (isPassword(control) ? 'any' : isEmail(control) ? email : undefined));
  const done = await browser.send({ from: provider.url, to: form.to, entries, multipart: form.multipart });
  const cookie = browser.cookies(app).find(([name]) => SESSION_COOKIE.test(name));
  if (cookie === undefined) throw new Halt(`${email} could not sign in: ${wordsShown(done)}`);
  return { browser, cookie: cookie.join('=') };
}

const isPassword = ({ attributes }) => attributes.type === 'password';
const isEmail = ({ attributes }) => attributes.type === 'email';

/** What a page says to whoever looks at it: what it shouts, else its main part. */
export function wordsShown({ page, html }) {
  const shouted = elements(page, ({ attributes }) => attributes.role === 'alert')
    .map(wordsOf)
    .filter(Boolean);
  if (shouted.length > 0) return shouted.join('\n');
  const [main] = elements(page, ({ tag }) => tag === 'main');
  return (main === undefined ? wordsOf(page) || html : wordsOf(main)).slice(0, 2_000);
}
