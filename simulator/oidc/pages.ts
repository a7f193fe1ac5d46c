import { PEOPLE } from './people';

/** Where the pages' look and the one script are. */
export const STYLE_PATH = '/sign-in.css';
export const SCRIPT_PATH = '/sign-out.js';

/** What a page may load: its own style, and on the way out its own script. */
export const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'`,
} as const;

/** Text as it stands in markup, attributes included. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Notify accounts</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<main>
<p class="brand"><span aria-hidden="true">N</span> Notify accounts</p>
${body}
</main>
</body>
</html>
`;

/** Sign-in as of a real directory, with the demo's accounts as a hint. `mistake` says why the last try failed. */
export function signInPage(given: { readonly email: string; readonly mistake: string | null }): string {
  const { email, mistake } = given;
  const accounts = PEOPLE.map(
    (person) => `<li><a href="?email=${encodeURIComponent(person.email)}">${escaped(person.email)}</a>
<span>${escaped(person.hint)}</span></li>`,
  ).join('\n');
  return page(
    'Sign in',
    `<h1>Sign in</h1>
<p>to go on to <strong>ECS rollback</strong></p>
${mistake === null ? '' : `<p class="mistake" role="alert" id="mistake">${escaped(mistake)}</p>`}
<form method="post">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${escaped(email)}"${
      mistake === null ? '' : ' aria-invalid="true" aria-describedby="mistake"'
    }${email === '' ? ' autofocus' : ''}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${email === '' ? '' : ' autofocus'}>
<button type="submit">Sign in</button>
</form>
<section aria-labelledby="accounts">
<h2 id="accounts">Accounts of the demo</h2>
<ul>
${accounts}
</ul>
<p>Any password works.</p>
</section>`,
  );
}

/** Signing out goes on by itself; without script it takes a press. `form` is the library's, empty of controls. */
export const signOutPage = (form: string): string =>
  page(
    'Sign out',
    `<h1>Signing you out</h1>
${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<script src="${SCRIPT_PATH}"></script>`,
  );

/** What is left when nobody said where to go after signing out. */
export const signedOutPage = (): string => page('Signed out', '<h1>You are signed out</h1>');

/** Something went wrong on the way; what it was is for whoever set up the client. */
export const mistakePage = (cause: string): string =>
  page(
    'Sign-in failed',
    `<h1>You could not be signed in</h1>
<p>Go back to the page you came from and start again.</p>
<p class="cause">${escaped(cause)}</p>`,
  );

/** Presses the sign-out page's one button. */
export const SCRIPT = `document.querySelector('button').click();\n`;

/** The look of every page. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #17202a; --quiet: #566573; --paper: #fff; --ground: #eef1f4; --line: #8a96a3;
  --press: #1d5fa8; --on-press: #fff; --bad: #a4161a; --bad-ground: #fdf0f0; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceff2; --quiet: #a9b4bf; --paper: #1b222a; --ground: #10151b;
  --line: #6b7783; --press: #7db5f0; --on-press: #0b1622; --bad: #ff9a94; --bad-ground: #3a1c1d; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px 16px; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 400px; padding: 32px; background: var(--paper); border-radius: 8px;
  box-shadow: 0 1px 3px rgb(0 0 0 / .18); }
.brand { display: flex; align-items: center; gap: 8px; margin: 0 0 24px; color: var(--quiet); font-weight: 600; }
.brand span { display: grid; place-items: center; width: 28px; height: 28px; border-radius: 6px;
  background: var(--press); color: var(--on-press); }
h1 { margin: 0; font-size: 24px; line-height: 1.25; }
h1 + p { margin: 4px 0 24px; color: var(--quiet); }
h2 { margin: 0 0 8px; font-size: 14px; }
label { display: block; margin: 16px 0 4px; font-weight: 600; }
input { width: 100%; padding: 10px 12px; font: inherit; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: 4px; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--press); outline-offset: 2px; }
button { width: 100%; margin-top: 24px; padding: 10px 16px; font: inherit; font-weight: 600; color: var(--on-press);
  background: var(--press); border: 0; border-radius: 4px; cursor: pointer; }
a { color: var(--press); }
.mistake { margin: 0; padding: 10px 12px; color: var(--bad); background: var(--bad-ground); border-left: 4px solid var(--bad); }
.cause { font-size: 14px; color: var(--quiet); }
section { margin-top: 32px; padding-top: 16px; border-top: 1px solid color-mix(in srgb, var(--line) 50%, transparent);
  font-size: 14px; }
section ul { margin: 0; padding: 0; list-style: none; }
section li { padding: 4px 0; }
section li span { display: block; color: var(--quiet); }
section p { margin: 8px 0 0; color: var(--quiet); }
`;
