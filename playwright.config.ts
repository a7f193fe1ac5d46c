import { availableParallelism } from 'node:os';
import { defineConfig, devices } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs';

const isCi = Boolean(process.env.CI);

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Every worker has a stack of its own, so tests of one file need not wait for each other.
  fullyParallel: true,
  // Tests wait for rollouts more than they compute, so there are more of them than cores.
  workers: Math.min(6, availableParallelism() + 2),
  forbidOnly: isCi,
  // What passes only when run again is named at the end of `npm test`.
  retries: isCi ? 1 : 0,
  // A rollout of six tasks takes about 20 s in the simulated AWS.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['./scripts/tally-playwright.mjs']],
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findChromium() ?? undefined, args: [...CHROMIUM_FLAGS] },
  },
});
