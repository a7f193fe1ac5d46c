import { describe, expect, it } from 'vitest';
import { ok } from '@/lib/result';
import { apiDefinition, arnOf, DEPLOYMENTS, digestOf, NOW, pastRollback, serviceDeployment, version } from './fixtures';
import { historyOf } from './history';
import type { PastRollback } from './past-rollback';
import { ranFor, ranHere, toldApart, versionRan, versionsRan } from './ran-versions';
import type { ServiceDeployment } from './service';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const history = (deployments: readonly ServiceDeployment[], past: readonly PastRollback[] = []) =>
  historyOf({ deployments, past, stops: [], at: NOW });

const images = (app: string, nginx = 'cc29') =>
  new Map([
    ['nginx', digestOf(nginx)],
    ['app', digestOf(app)],
  ]);

/** Revision 91 of the mutable tag `main`: deployed with one image, another, then the first again. */
const MOVED = [
  serviceDeployment('api:91', NOW - HOUR, { digests: images('aaaa') }),
  serviceDeployment('api:91', NOW - 3 * HOUR, { digests: images('bbbb') }),
  serviceDeployment('api:91', NOW - 4 * HOUR, { digests: images('aaaa'), status: 'ROLLBACK_SUCCESSFUL' }),
  serviceDeployment('api:91', NOW - DAY, { digests: images('bbbb') }),
];

describe('versions of a revision', () => {
  it('are one where it ran with one set of images, which nothing has to tell apart', () => {
    const [only, ...others] = versionsRan(history(DEPLOYMENTS), arnOf('api:421'));
    expect(others).toEqual([]);
    expect(only).toMatchObject({ arn: arnOf('api:421'), apart: null });
  });

  it('are as many as it ran with sets of images, newest first, each with its own runs', () => {
    const versions = versionsRan(history(MOVED), arnOf('api:91'));
    expect(versions.map(({ digests }) => digests.get('app'))).toEqual([digestOf('aaaa'), digestOf('bbbb')]);
    expect(versions.map(({ runs }) => runs.map(({ outcome }) => outcome))).toEqual([
      ['successful', 'rolled-back-by-ecs'],
      ['successful'],
    ]);
  });

  it('are told apart by the service revision that ran well and by an image only one of them has', () => {
    const [newer, older] = versionsRan(history(MOVED), arnOf('api:91'));
    expect(newer?.apart).toEqual({ ran: `api-91-${NOW - HOUR}`, image: 'app sha256:aaaa0000' });
    expect(older?.apart).toEqual({ ran: `api-91-${NOW - 3 * HOUR}`, image: 'app sha256:bbbb0000' });
  });

  it('take a deployment whose images nobody knows for no version of its own', () => {
    const silent = serviceDeployment('api:91', NOW, { digests: new Map(), status: 'STOPPED' });
    const versions = versionsRan(history([silent, ...MOVED]), arnOf('api:91'));
    expect(versions.map(({ runs }) => runs.length)).toEqual([3, 1]);
    expect(versions[0]?.digests).toEqual(images('aaaa'));
  });

  it('count what copies of it ran', () => {
    const past = [pastRollback({ originArn: arnOf('api:91'), copyArn: arnOf('api:92') })];
    const copied = [serviceDeployment('api:92', NOW - HOUR / 2, { digests: images('bbbb') }), ...MOVED];
    const versions = versionsRan(history(copied, past), arnOf('api:91'));
    expect(versions.map(({ digests }) => digests.get('app'))).toEqual([digestOf('bbbb'), digestOf('aaaa')]);
    expect(versionsRan(history(copied, past), arnOf('api:92'))).toHaveLength(1);
  });

  it('are none where no deployment of it is known', () => {
    expect(versionsRan(history(DEPLOYMENTS), arnOf('api:412'))).toEqual([]);
  });

  it('are found by their images', () => {
    const past = ok(history(MOVED));
    expect(versionRan(past, arnOf('api:91'), images('bbbb'))?.apart?.image).toBe('app sha256:bbbb0000');
    expect(versionRan(past, arnOf('api:91'), images('other'))).toBeNull();
  });

  it('are named with that image, and with nothing where there is one alone', () => {
    const named = version(apiDefinition(421));
    const [newer] = versionsRan(history(MOVED), arnOf('api:91'));
    expect(toldApart(named, newer ?? null).name).toBe('release-1119 (421) with app sha256:aaaa0000');
    expect(toldApart(named, null).name).toBe('release-1119 (421)');
  });
});

describe('how long a version ran', () => {
  it('is the time of its own images, or that of the revision with all', () => {
    const past = ok(history(MOVED));
    const asked = { arn: arnOf('api:91'), registeredAt: null };
    const [whole, newer, older] = [undefined, images('aaaa'), images('bbbb')].map((digests) =>
      ranHere(past, { ...asked, ...(digests !== undefined && { digests }) }),
    );
    expect(newer).toMatchObject({ kind: 'ran', until: null });
    expect(older).toMatchObject({ kind: 'ran', until: NOW - HOUR });
    const msOf = (ran: typeof whole): number => (ran?.kind === 'ran' ? ran.ms : 0);
    expect(msOf(whole)).toBe(msOf(newer) + msOf(older));
  });

  it('is never where the revision ran with other images alone', () => {
    const asked = { arn: arnOf('api:91'), digests: images('other'), registeredAt: NOW - 2 * DAY };
    expect(ranHere(ok(history(MOVED)), asked)).toEqual({ kind: 'never' });
  });
});

describe('the words for how long a version ran', () => {
  const ran = (change: Partial<Parameters<typeof ranFor>[0]>) =>
    ranFor({ kind: 'ran', ms: 7_200_000, until: NOW - 3_600_000, atLeast: false, ...change }, NOW);

  it('is said with its end, or that it runs', () => {
    expect(ran({})).toMatch(/^2 h, until .+ UTC/);
    expect(ran({ until: null })).toBe('2 h so far');
  });

  it('is said to be the least it can be, where only our record knows', () => {
    expect(ran({ atLeast: true })).toMatch(/^at least 2 h, at least until .+ UTC/);
    expect(ran({ atLeast: true, ms: 0 })).toMatch(/^at least until .+ UTC/);
  });
});
