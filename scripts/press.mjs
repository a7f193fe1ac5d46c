// `node scripts/press.mjs --as <e-mail> <plan path> [--header k:v] [--keep file | --replay file]`: reads a plan and posts
// its form as a browser without script does, with everything ticked and typed that it asks for.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { filledPlan } from './plan-form.mjs';
import { Halt, main } from './root.mjs';
import { APP, signIn, wordsShown } from './walk-in.mjs';

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

/** The form of a plan, filled in. */
async function planForm(browser, path) {
  const plan = await browser.open(new URL(path, `${APP}/`).toString());
  const form = filledPlan(plan);
  if (form !== null) return form;
  console.log(`${plan.status} ${wordsShown(plan)}`);
  throw new Halt('There is no form to post on this page.');
}

function pathOf(location) {
  const { pathname, search } = new URL(location, APP);
  return `${pathname}${search}`;
}
