import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/**
 * What is looked at, and compared with nothing: `npm run screenshots`, every page and state in four variants, and
 * `npm run figures`, what pages weigh.
 */
export default defineConfig({
  ...tests,
  testMatch: ['**/*.pictures.ts', '**/*.figures.ts'],
  retries: 0,
  timeout: 180_000,
  reporter: [['list']],
});
