// `node scripts/press.mjs --as <e-mail> <plan path> [--header k:v] [--keep file | --replay file]`: reads a plan and posts
// its form as a browser without script does, with everything ticked and typed that it asks for.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { controlsOf } from './markup.mjs';
import { formOn } from './plain-browser.mjs';
import { Halt, main } from './root.mjs';
import { APP, signIn, wordsShown } from './walk-in.mjs';

const REASON = 'Errors after release';
const USAGE = 'node scripts/press.mjs --as <e-mail> <plan path> [--header k:v] [--keep file | --replay file]';

await main(async () => {
  const wishes = read();
  const { browser } = await signIn(wishes.as);
  const form = wishes.replay ? JSON.parse(readFileSync(wishes.replay, 'utf8')) : await planForm(browser, wishes.path);
  if (wishes.keep) {
    writeFileSync(wishes.keep, `${JSON.stringify(form, null, 2)}\n`);
    console.log(`kept in ${wishes.keep}, not sent`);
    return;
  }
  const answer = await browser.send({ ...form, headers: wishes.headers, followed: false });
  const location = answer.headers.get('location');
  console.log(`${answer.status} ${location === null ? wordsShown(answer) : pathOf(location)}`);
  process.exitCode = location !== null && pathOf(location).startsWith('/rollbacks/') ? 0 : 1;
});

function read() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        as: { type: 'string' },
        header: { type: 'string', multiple: true, default: [] },
        keep: { type: 'string' },
        replay: { type: 'string' },
      },
    });
    const [path] = positionals;
    if (!values.as || (!path && !values.replay) || (values.keep && values.replay)) throw new Error(`Usage: ${USAGE}`);
    return { ...values, path, headers: Object.fromEntries(values.header.map(headerOf)) };
  } catch ({ message }) {
    throw new Halt(message);
  }
}

/** `k:v`; without a value the header is left out. */
function headerOf(text) {
  const colon = text.indexOf(':');
  if (colon < 1) throw new Error(`--header ${text}: write k:v`);
  const value = text.slice(colon + 1).trim();
  return [text.slice(0, colon).trim().toLowerCase(), value === '' ? null : value];
}

/** The form of a plan, filled in: every warning ticked, service name typed, reason given. */
async function planForm(browser, path) {
  const plan = await browser.open(new URL(path, `${APP}/`).toString());
  const form = formOn(plan, (one, page) => controlsOf(page, one).some(({ attributes }) => attributes.name === 'plan'));
  if (form === null) {
    console.log(`${plan.status} ${wordsShown(plan)}`);
    throw new Halt('There is no form to post on this page.');
  }
  const service = decodeURIComponent(new URL(plan.url).pathname.split('/')[4] ?? '');
  const entries = form.entries((control) => answerTo(control, { service, reason: reasonIn(form.controls) }));
  return { from: plan.url, to: form.to, multipart: form.multipart, entries };
}

/** The reason we give, or the first one where the plan offers others. */
function reasonIn(controls) {
  const offered = controls.filter(isReason).map(({ attributes }) => attributes.value);
  return offered.length === 0 || offered.includes(REASON) ? REASON : offered[0];
}

function isReason({ attributes }) {
  return attributes.type === 'radio' && attributes.name === 'reason';
}

function answerTo(control, { service, reason }) {
  const { name, type, value = 'on' } = control.attributes;
  if (type === 'checkbox') return value;
  if (isReason(control)) return value === reason ? value : null;
  if (name === 'reason' && type !== 'hidden') return reason;
  return name === 'typed' ? service : undefined;
}

function pathOf(location) {
  const { pathname, search } = new URL(location, APP);
  return `${pathname}${search}`;
}
