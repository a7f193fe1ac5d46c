import { describe, expect, it } from 'vitest';
import { isOwnRequest } from './origin';

const BASE = 'https://rollback.example';
const own = (headers: Record<string, string>) => isOwnRequest(new Headers(headers), BASE);

describe('a request that could change something', () => {
  it('is our own when its origin is the configured one', () => {
    expect(own({ origin: BASE })).toBe(true);
    expect(own({ origin: BASE, 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(isOwnRequest(new Headers({ origin: 'http://localhost:3000' }), 'http://localhost:3000/')).toBe(true);
  });

  it.each([
    ['has no origin', {}],
    ['has the origin null', { origin: 'null' }],
    ['has an empty origin', { origin: '' }],
    ['comes from elsewhere', { origin: 'https://evil.example' }],
    ['comes from another scheme', { origin: 'http://rollback.example' }],
    ['comes from another port', { origin: 'https://rollback.example:8443' }],
    ['comes from a name that begins like ours', { origin: 'https://rollback.example.evil.example' }],
    ['names two origins', { origin: 'https://rollback.example https://evil.example' }],
    ['is cross-site by its own account', { origin: BASE, 'sec-fetch-site': 'cross-site' }],
    ['is only of the same site', { origin: BASE, 'sec-fetch-site': 'same-site' }],
    ['was typed into the address bar', { origin: BASE, 'sec-fetch-site': 'none' }],
    ['forges the forwarded host', { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
    [
      'forges both host headers',
      { origin: 'https://evil.example', host: 'evil.example', 'x-forwarded-proto': 'https' },
    ],
  ])('is foreign when it %s', (_why, headers) => {
    expect(own(headers)).toBe(false);
  });
});
