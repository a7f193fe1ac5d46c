import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** `npm run screenshots`: every page and state in four variants, to be looked at; nothing is compared. */
export default defineConfig({
  ...tests,
  testMatch: '**/*.pictures.ts',
  retries: 0,
  timeout: 180_000,
  reporter: [['list']],
});
