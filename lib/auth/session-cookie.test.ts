import { encode } from 'next-auth/jwt';
import { describe, expect, it } from 'vitest';
import { sessionCookie, sessionIdIn } from './session-cookie';

const SECRET = 'a secret of this test';
const SID = 'q'.repeat(43);
const cookie = (token: Record<string, unknown>, secret = SECRET, maxAge = 60) => encode({ token, secret, maxAge });

describe('the session cookie', () => {
  it('is bound to host and https, but for loopback', () => {
    expect(sessionCookie('https://rollback.example')).toEqual({
      name: '__Host-ecs-rollback',
      options: { httpOnly: true, sameSite: 'lax', path: '/', secure: true },
    });
    expect(sessionCookie('http://localhost:3000')).toMatchObject({ name: 'ecs-rollback', options: { secure: false } });
  });

  it('gives back the id it was made with', async () => {
    expect(await sessionIdIn(await cookie({ sid: SID }), SECRET)).toBe(SID);
  });

  it.each([
    ['made with another secret', () => cookie({ sid: SID }, 'another secret')],
    ['that has lapsed', () => cookie({ sid: SID }, SECRET, -60)],
    ['without an id', () => cookie({ sub: 'somebody' })],
    ['with an id of another shape', () => cookie({ sid: '../x' })],
    ['with an id that is no text', () => cookie({ sid: { a: 1 } })],
    ['of one letter', async () => 'x'],
    ['of nothing', async () => ''],
    ['that was altered', async () => `${(await cookie({ sid: SID })).slice(0, -4)}AAAA`],
    ['signed by nobody', async () => `${btoa('{"alg":"none"}')}.${btoa(`{"sid":"${SID}"}`)}.`],
  ])('says nothing from a value %s', async (_what, value) => {
    expect(await sessionIdIn(await value(), SECRET)).toBeNull();
  });
});
