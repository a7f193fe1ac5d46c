import type { Page } from '@playwright/test';
import { type FilledForm, filledPlan } from '@/scripts/plan-form.mjs';
import { type OpenPage, type PlainBrowser, signIn } from '@/scripts/walk-in.mjs';
import { ACCOUNTS, type Account, type World } from './world';

/** Confirms the plan on the page as it asks to be confirmed: warnings ticked, a reason chosen, the name typed. */
export async function press(page: Page, service: string): Promise<void> {
  for (const box of await page.getByRole('checkbox', { name: /^I have read/ }).all()) await box.check();
  await page.getByRole('radio', { name: 'Errors after release' }).check();
  await page.getByLabel(`Type the service name to confirm: ${service}`).fill(service);
  await page.getByRole('button', { name: new RegExp(`${service} in production$`) }).click();
}

/** Somebody signed in with a browser without script, which is quick where many presses are needed. */
export const plainly = async (world: World, who: Account): Promise<PlainBrowser> =>
  (await signIn(ACCOUNTS[who].email, world.url)).browser;

/** A plan's form, filled in and not sent yet. */
export async function planned(world: World, browser: PlainBrowser, plan: string): Promise<FilledForm> {
  const form = filledPlan(await browser.open(`${world.url}${plan}`));
  if (form === null) throw new Error(`${plan} offers no form`);
  return form;
}

/** Sends a plan's form to one of the dashboards; whichever answers, people are at the address they know. */
export function sent(
  world: World,
  browser: PlainBrowser,
  { form, replica = 0 }: { readonly form: FilledForm; readonly replica?: number },
): Promise<OpenPage> {
  const to = new URL(form.to);
  to.host = new URL(world.urls[replica] ?? world.url).host;
  const headers = { origin: new URL(world.url).origin, 'sec-fetch-site': 'same-origin' };
  return browser.send({ ...form, to: to.toString(), headers, followed: false });
}

/** The rollback an answer to a press leads to. */
export function rollbackOf({ status, headers }: OpenPage): string {
  const [, id] = /\/rollbacks\/(rb-[0-9a-z]+)/.exec(headers.get('location') ?? '') ?? [];
  if (id === undefined) throw new Error(`${status} leads to no rollback`);
  return id;
}
