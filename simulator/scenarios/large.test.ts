import { describe, expect, it } from 'vitest';
import { SCENARIOS } from './scenarios';

const world = SCENARIOS.large?.(Date.UTC(2026, 10, 24));
const regionIn = (account: string) => world?.accounts.get(account)?.regions.get('eu-west-1');

describe('the large estate', () => {
  it('has 20 clusters of 25 services in production, all steady', () => {
    const production = regionIn('111111111111');
    expect(production?.clusters.size).toBe(20);
    const services = [...(production?.services.values() ?? [])];
    expect(services).toHaveLength(500);
    expect(services.filter(({ steady }) => !steady)).toEqual([]);
    expect(services.every(({ serviceDeployments }) => serviceDeployments.length === 3)).toBe(true);
  });

  it('changed in about one service of ten within a day', () => {
    const DAY_MS = 86_400_000;
    const changed = [...(regionIn('111111111111')?.services.values() ?? [])].filter(({ serviceDeployments }) =>
      serviceDeployments.some(({ createdAt }) => createdAt > Date.UTC(2026, 10, 24) - DAY_MS),
    );
    expect(changed.length).toBeGreaterThan(40);
    expect(changed.length).toBeLessThan(60);
  });

  it('has one family of 10,000 revisions, of which a few are ACTIVE', () => {
    const revisions = [...(regionIn('111111111111')?.families.get('service-01-01')?.revisions.values() ?? [])];
    expect(revisions).toHaveLength(10_000);
    expect(revisions.filter(({ status }) => status === 'ACTIVE').map(({ number }) => number)).toEqual([10_000]);
  });

  it('has a little in staging and preview', () => {
    expect([regionIn('222222222222')?.services.size, regionIn('333333333333')?.services.size]).toEqual([1, 1]);
  });
});
