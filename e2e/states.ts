import type { Page } from '@playwright/test';
import { expect } from './fixtures';
import { serviceAt } from './places';
import { press } from './press';
import type { Account, World } from './world';

/** What a test has to reach a state with. */
type Around = {
  readonly page: Page;
  readonly world: World;
  readonly signIn: (who: Account, address?: string) => Promise<void>;
};

/** A page that cannot show what it should, and what it says instead. */
export type State = { readonly words: RegExp; readonly reach: (around: Around) => Promise<void> };

const API = serviceAt('api');
const PLAN = `${API}/rollback?to=api:421&bring=images`;

/** Loads a page again until it says so: what all look at is read at most every few seconds. */
async function until(page: Page, words: RegExp): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('main').getByText(words).first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 45_000 });
}

/** A rollback whose new tasks are coming. */
async function underWay({ page, world, signIn }: Around): Promise<void> {
  await world.aws.clock({ speed: 15 });
  await signIn('operator', PLAN);
  await press(page, 'api');
  await expect(page.getByRole('progressbar', { name: 'New tasks' })).toBeVisible({ timeout: 30_000 });
}

/** Puts into the database what the tool itself could never write, for dashboards that have not read it before. */
export async function breakPlans(world: World): Promise<void> {
  await world.query('ALTER TABLE plan DISABLE TRIGGER USER');
  await world.query("UPDATE plan SET body = '{}', body_sha256 = encode(sha256('{}'), 'hex')");
  await world.restart();
}

const THROTTLED = /^AWS asked us to slow down\. Updating every 30 seconds\.$/;
const STALE = /^These facts are from \d\d:\d\d UTC \(\d+ (s|min) ago\)\. AWS has not answered since\.$/;
const UNREAD = /^We have not been able to read ECS for \d+ seconds\. The rollback may still be going on\.$/;

/** States by the name of their picture. */
export const STATES: Readonly<Record<string, State>> = {
  'service-throttled': {
    words: THROTTLED,
    reach: async ({ page, world, signIn }) => {
      await signIn('operator', API);
      await world.aws.fault({ operation: 'reads', fault: 'throttle' });
      await until(page, THROTTLED);
    },
  },
  'service-stale': {
    words: STALE,
    reach: async ({ page, world, signIn }) => {
      await signIn('operator', API);
      await expect(page.getByRole('region', { name: 'Running now' })).toContainText('release-1123');
      await world.aws.fault({ operation: 'DescribeServices', fault: 'server-error' });
      await until(page, STALE);
    },
  },
  'plan-database-down': {
    words: /^Rollbacks cannot be recorded, so none can be started\. Use the commands below\.$/,
    reach: async ({ page, world, signIn }) => {
      await signIn('operator', PLAN);
      world.wire.stop();
      await page.reload();
    },
  },
  'record-database-down': {
    words: /^The record cannot be read just now\.$/,
    reach: async ({ page, world, signIn }) => {
      await signIn('operator', '/record');
      world.wire.stop();
      await page.reload();
    },
  },
  'plan-groups-unreadable': {
    words: /^Your groups cannot be checked just now, so no rollback can be started\. Use the commands below\.$/,
    reach: async ({ page, world, signIn }) => {
      await signIn('operator', '/status');
      // As where the provider gave nothing to ask with again.
      await world.query("UPDATE session SET tokens = NULL, groups_at = groups_at - interval '6 minutes'");
      await page.goto(PLAN);
    },
  },
  'progress-unread': {
    words: UNREAD,
    reach: async (around) => {
      await around.page.clock.install();
      await underWay(around);
      await around.world.aws.fault({ operation: 'reads', fault: 'server-error' });
      await around.page.clock.fastForward(60_000);
    },
  },
  'progress-signed-out': {
    words: /^You were signed out\.$/,
    reach: async (around) => {
      await underWay(around);
      await around.world.query('UPDATE session SET revoked_at = clock_timestamp()');
    },
  },
  'tool-problem': {
    words: /^Your services are not affected by this error\..* Error \d+\.$/,
    reach: async (around) => {
      await underWay(around);
      await breakPlans(around.world);
      await around.page.reload();
    },
  },
};
