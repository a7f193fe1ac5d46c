import type { Locator, Page } from '@playwright/test';

const ACCOUNT = { production: '111111111111', staging: '222222222222', preview: '333333333333' } as const;

/** A service of the scenario, as the simulated AWS is told of it. */
export const notify = (target: keyof typeof ACCOUNT, service: string) =>
  ({ account: ACCOUNT[target], cluster: 'notify', service }) as const;

/** Where a service's page is. */
export const serviceAt = (service: string, target: keyof typeof ACCOUNT = 'production'): string =>
  `/services/${target}/notify/${service}`;

/** What opens the menu of whoever is signed in. */
export const accountMenu = (page: Page): Locator => page.locator('summary').filter({ hasText: 'Account:' });
