import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, type ServiceSettings, settingOf } from './target';

const settings = (pattern: string, change: Partial<ServiceSettings> = {}): ServiceSettings => ({
  pattern,
  mainContainer: null,
  checkUrl: null,
  operators: null,
  viewers: null,
  ...change,
});

describe('a pattern', () => {
  it.each([
    ['api', 'notify', 'api'],
    ['api*', 'notify', 'api'],
    ['*', 'notify', 'api'],
    ['*pi', 'notify', 'api'],
    ['a*i', 'notify', 'api'],
    ['delivery-*-sms', 'notify', 'delivery-worker-sms'],
    ['*work*s*', 'notify', 'delivery-worker-sms'],
    ['notify/api', 'notify', 'api'],
    ['not*/a*', 'notify', 'api'],
    ['*/api', 'notify', 'api'],
  ])('%s stands for %s/%s', (pattern, cluster, service) => {
    expect(covers(pattern, { cluster, service })).toBe(true);
  });

  it.each([
    ['api', 'notify', 'api-2'],
    ['api', 'notify', 'xapi'],
    ['API', 'notify', 'api'],
    ['a.i', 'notify', 'api'],
    ['api*', 'notify', 'ap'],
    ['a*a', 'notify', 'a'],
    ['ab*ba', 'notify', 'aba'],
    ['other/api', 'notify', 'api'],
    ['notify/api', 'notify', 'api-2'],
    ['*/api', 'notify', 'apis'],
  ])('%s does not stand for %s/%s', (pattern, cluster, service) => {
    expect(covers(pattern, { cluster, service })).toBe(false);
  });

  it('means the same as a regular expression in which * is anything', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 6 });
    const pattern = fc.array(fc.oneof(letters, fc.constant('*')), { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, letters, (wild, service) => {
        const expected = new RegExp(`^${wild.replaceAll('*', '.*')}$`).test(service);
        expect(covers(wild, { cluster: 'c', service })).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of many stars is judged at once', () => {
    expect(covers('*a'.repeat(120), { cluster: 'c', service: `${'a'.repeat(119)}b` })).toBe(false);
  });
});

describe('a setting of a service', () => {
  const services = [
    settings('api', { mainContainer: 'app' }),
    settings('*', { mainContainer: 'main', operators: ['few'] }),
  ];

  it('is that of the first pattern that says anything about it', () => {
    expect(settingOf({ services }, { cluster: 'c', service: 'api' }, 'mainContainer')).toBe('app');
    expect(settingOf({ services }, { cluster: 'c', service: 'api' }, 'operators')).toEqual(['few']);
    expect(settingOf({ services }, { cluster: 'c', service: 'web' }, 'mainContainer')).toBe('main');
  });

  it('is nothing where no pattern says anything', () => {
    expect(settingOf({ services }, { cluster: 'c', service: 'api' }, 'checkUrl')).toBeNull();
    expect(settingOf({ services: [] }, { cluster: 'c', service: 'api' }, 'mainContainer')).toBeNull();
  });
});
