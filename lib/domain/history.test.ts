import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok } from '@/lib/result';
import {
  arnOf,
  DEPLOYMENTS,
  DIGESTS,
  digestOf,
  NOW,
  pastRollback,
  serviceDeployment,
  serviceRevisionArn,
  unread,
} from './fixtures';
import {
  countsAs,
  historyFrom,
  historyOf,
  meantDigests,
  ranDigests,
  revisionsOf,
  runningDigests,
  usualDurationMs,
} from './history';
import type { PastRollback } from './past-rollback';
import { ranHere } from './ran-versions';
import type { ServiceDeployment } from './service';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const history = (
  deployments: readonly ServiceDeployment[],
  past: readonly PastRollback[] = [],
  stops: readonly string[] = [],
) => historyOf({ deployments, past, stops, at: NOW });
const summary = (deployments: readonly ServiceDeployment[], past: readonly PastRollback[] = []) =>
  history(deployments, past).runs.map(({ arn, ranAs, outcome, ms, endedAt }) => ({
    of: revisionOf(arn),
    as: revisionOf(ranAs),
    outcome,
    ms,
    until: endedAt,
  }));
const revisionOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

describe('a period', () => {
  it('lasts from the end of a good deployment to the beginning of the next good one of another version', () => {
    const released = NOW - 17 * MINUTE;
    expect(summary([serviceDeployment('api:428', released), serviceDeployment('api:421', released - DAY)])).toEqual([
      { of: 'api:428', as: 'api:428', outcome: 'successful', ms: 13 * MINUTE, until: null },
      { of: 'api:421', as: 'api:421', outcome: 'successful', ms: DAY - 4 * MINUTE, until: released },
    ]);
  });

  it('is not broken by a restart of the same version, nor by a deployment that failed', () => {
    const runs = summary([
      serviceDeployment('api:421', NOW - HOUR),
      serviceDeployment('api:427', NOW - 2 * HOUR, { status: 'ROLLBACK_SUCCESSFUL' }),
      serviceDeployment('api:421', NOW - 3 * HOUR),
    ]);
    expect(runs).toEqual([
      { of: 'api:421', as: 'api:421', outcome: 'successful', ms: 3 * HOUR - 4 * MINUTE, until: null },
      { of: 'api:427', as: 'api:427', outcome: 'rolled-back-by-ecs', ms: 0, until: NOW - 2 * HOUR + 4 * MINUTE },
    ]);
  });

  it('of the same revision with other images is another version', () => {
    const with_ = (start: string) => ({ digests: new Map([['app', digestOf(start)]]) });
    const runs = summary([
      serviceDeployment('api:91', NOW - HOUR, with_('new')),
      serviceDeployment('api:91', NOW - DAY, with_('old')),
    ]);
    expect(runs.map(({ of, until }) => [of, until])).toEqual([
      ['api:91', null],
      ['api:91', NOW - HOUR],
    ]);
  });

  it('with images nobody knows does not join two versions that are known to differ', () => {
    const ran = (start: string | null) => ({ digests: new Map(start === null ? [] : [['app', digestOf(start)]]) });
    const runs = summary([
      serviceDeployment('api:91', NOW - HOUR, ran('new')),
      serviceDeployment('api:91', NOW - 2 * HOUR, ran(null)),
      serviceDeployment('api:91', NOW - DAY, ran('old')),
    ]);
    expect(runs.map(({ until }) => until)).toEqual([null, NOW - 2 * HOUR]);
  });

  it('of a copy counts as its origin’s, and a copy of a copy as the first one’s', () => {
    const past = [
      pastRollback({ id: 'rb-second1', copyArn: arnOf('api:430'), originArn: arnOf('api:429') }),
      pastRollback({ copyArn: arnOf('api:429'), originArn: arnOf('api:421') }),
    ];
    expect(countsAs(past)(arnOf('api:430'))).toBe(arnOf('api:421'));
    const runs = history(
      [
        serviceDeployment('api:430', NOW - HOUR),
        serviceDeployment('api:429', NOW - 2 * HOUR),
        serviceDeployment('api:421', NOW - DAY),
      ],
      past,
    ).runs;
    expect(runs).toMatchObject([
      {
        arn: arnOf('api:421'),
        ranAs: arnOf('api:430'),
        everyArn: ['api:430', 'api:429', 'api:421'].map(arnOf),
        ms: DAY - 4 * MINUTE,
      },
    ]);
  });

  it('of copies that name each other ends nowhere in a circle', () => {
    const past = [
      pastRollback({ copyArn: arnOf('api:2'), originArn: arnOf('api:1') }),
      pastRollback({ copyArn: arnOf('api:1'), originArn: arnOf('api:2') }),
    ];
    expect([arnOf('api:1'), arnOf('api:2')]).toContain(countsAs(past)(arnOf('api:1')));
  });

  it('began when it was created where AWS does not say when it started', () => {
    const queued = serviceDeployment('api:1', NOW - HOUR, { startedAt: null, finishedAt: null });
    expect(history([queued]).runs).toMatchObject([{ startedAt: NOW - HOUR, steadyAt: NOW - HOUR, ms: HOUR }]);
  });
});

describe('any history', () => {
  const STATUSES = ['SUCCESSFUL', 'SUCCESSFUL', 'SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'IN_PROGRESS'];
  const deployments = fc
    .array(
      fc.record({
        revision: fc.constantFrom('api:1', 'api:2', 'api:3'),
        status: fc.constantFrom(...STATUSES),
        hours: fc.integer({ min: 1, max: 48 }),
      }),
      { maxLength: 12 },
    )
    .map((list) => {
      let at = NOW;
      return list.map(({ revision, status, hours }) => {
        at -= hours * HOUR;
        return serviceDeployment(revision, at, {
          status,
          finishedAt: status === 'IN_PROGRESS' ? null : at + 4 * MINUTE,
        });
      });
    });

  it('has one version at a time: good periods follow each other without overlap, and only the latest still runs', () => {
    fc.assert(
      fc.property(deployments, (list) => {
        const good = history(list).runs.filter(({ outcome }) => outcome === 'successful');
        good.forEach((run, index) => {
          const newer = good[index - 1];
          expect(run.endedAt).toBe(newer === undefined ? null : newer.startedAt);
          expect(run.steadyAt ?? 0).toBeGreaterThanOrEqual(run.startedAt);
          expect(run.ms).toBe((run.endedAt ?? NOW) - (run.steadyAt ?? 0));
          if (newer !== undefined) expect(run.arn).not.toBe(newer.arn);
        });
      }),
    );
  });

  it('forgets no deployment: each is a run of its own or part of one', () => {
    fc.assert(
      fc.property(deployments, (list) => {
        const { runs } = history(list);
        const failed = list.filter(({ status }) => status !== 'SUCCESSFUL');
        expect(runs.filter(({ outcome }) => outcome !== 'successful')).toHaveLength(failed.length);
        for (const { taskDefinitionArn } of list) {
          expect(runs.some(({ everyArn }) => everyArn.includes(taskDefinitionArn ?? ''))).toBe(true);
        }
      }),
    );
  });
});

describe('how a deployment ended', () => {
  const tripped = { failureCount: 3, threshold: 3 };
  it.each([
    ['SUCCESSFUL', null, 'successful'],
    ['PENDING', null, 'in-progress'],
    ['IN_PROGRESS', null, 'in-progress'],
    ['ROLLBACK_REQUESTED', null, 'in-progress'],
    ['ROLLBACK_IN_PROGRESS', null, 'in-progress'],
    ['ROLLBACK_SUCCESSFUL', null, 'rolled-back-by-ecs'],
    ['ROLLBACK_FAILED', null, 'rolled-back-by-ecs'],
    ['STOPPED', null, 'stopped'],
    ['STOP_REQUESTED', null, 'stopped'],
    ['STOPPED', { failureCount: 2, threshold: 3 }, 'stopped'],
    ['STOPPED', tripped, 'never-steady'],
    ['STOP_REQUESTED', tripped, 'never-steady'],
    ['SOMETHING_NEW', null, 'never-steady'],
  ])('as %s with the breaker at %j is %s', (status, circuitBreaker, outcome) => {
    const [run] = history([serviceDeployment('api:1', NOW - HOUR, { status, circuitBreaker })]).runs;
    expect(run?.outcome).toBe(outcome);
    expect(run?.endedAt === null).toBe(outcome === 'in-progress' || outcome === 'successful');
  });
});

describe('a deployment that returned', () => {
  const tripped = { failureCount: 3, threshold: 3 };
  it.each([
    ['somebody', null, false, 'stopped'],
    ['somebody', tripped, false, 'rolled-back-by-ecs'],
    ['ecs', null, false, 'rolled-back-by-ecs'],
    ['ecs', null, true, 'rolled-back-by-ecs'],
    [null, null, false, 'rolled-back-by-ecs'],
    [null, null, true, 'stopped'],
    [null, tripped, true, 'rolled-back-by-ecs'],
  ] as const)(
    'because of %s, the breaker at %j, stopped from here %s, is %s',
    (returnedBy, circuitBreaker, ours, outcome) => {
      const one = serviceDeployment('api:1', NOW - HOUR, { status: 'ROLLBACK_SUCCESSFUL', returnedBy, circuitBreaker });
      expect(history([one], [], ours ? [one.arn] : []).runs[0]?.outcome).toBe(outcome);
    },
  );
});

describe('how long a revision ran here', () => {
  const story = ok(history(DEPLOYMENTS));

  it('is the sum of its periods, until the end of the last', () => {
    const twice = history([
      serviceDeployment('api:1', NOW - HOUR),
      serviceDeployment('api:2', NOW - 2 * HOUR),
      serviceDeployment('api:1', NOW - 5 * HOUR),
    ]);
    const ms = HOUR - 4 * MINUTE + (3 * HOUR - 4 * MINUTE);
    expect(ranHere(ok(twice), { arn: arnOf('api:1'), registeredAt: null })).toEqual({
      kind: 'ran',
      ms,
      until: null,
      atLeast: false,
    });
    expect(ranHere(ok(twice), { arn: arnOf('api:2'), registeredAt: null })).toMatchObject({ until: NOW - HOUR });
  });

  it('is never only where what we know covers its whole life', () => {
    expect(ranHere(story, { arn: arnOf('api:425'), registeredAt: NOW - 10 * DAY })).toEqual({ kind: 'never' });
    expect(ranHere(story, { arn: arnOf('api:427'), registeredAt: NOW - 10 * DAY })).toEqual({ kind: 'never' });
    expect(ranHere(story, { arn: arnOf('api:300'), registeredAt: NOW - 91 * DAY })).toEqual({ kind: 'not-known' });
    expect(ranHere(story, { arn: arnOf('api:300'), registeredAt: null })).toEqual({ kind: 'not-known' });
    expect(ranHere(unread(), { arn: arnOf('api:425'), registeredAt: NOW - DAY })).toEqual({ kind: 'not-known' });
  });

  it('is not known where a deployment since then could not be told', () => {
    const gap = ok(history([...DEPLOYMENTS, serviceDeployment(null, NOW - 20 * DAY)]));
    expect(ranHere(gap, { arn: arnOf('api:300'), registeredAt: NOW - 30 * DAY })).toEqual({ kind: 'not-known' });
    expect(ranHere(gap, { arn: arnOf('api:425'), registeredAt: NOW - 10 * DAY })).toEqual({ kind: 'never' });
  });

  it('counts for a copy and for its origin, whichever was deployed last', () => {
    const past = [pastRollback()];
    for (const order of [
      ['api:421', 'api:429'],
      ['api:429', 'api:421'],
    ]) {
      const [newer = '', older = ''] = order;
      const both = ok(history([serviceDeployment(newer, NOW - HOUR), serviceDeployment(older, NOW - 2 * HOUR)], past));
      expect(ranHere(both, { arn: arnOf('api:421'), registeredAt: NOW })).toMatchObject({ kind: 'ran' });
      expect(ranHere(both, { arn: arnOf('api:429'), registeredAt: NOW })).toMatchObject({ kind: 'ran' });
    }
  });

  it('names every revision that was deployed, once', () => {
    expect(revisionsOf(history(DEPLOYMENTS))).toEqual(['api:428', 'api:427', 'api:421', 'api:419']);
  });
});

describe('the digests a revision ran with', () => {
  const older = serviceDeployment('api:91', NOW - DAY, { digests: new Map([['app', digestOf('old')]]) });
  const newer = serviceDeployment('api:91', NOW - HOUR, { digests: new Map([['app', digestOf('new')]]) });
  const failed = serviceDeployment('api:91', NOW, { status: 'STOPPED', digests: new Map([['app', digestOf('bad')]]) });
  const question = { arn: arnOf('api:91'), ran: null, deployments: ok([failed, newer, older]), past: [] };

  it('are those of its latest good deployment', () => {
    expect(ranDigests(question)).toEqual(newer.digests);
  });

  it('are those of the service revision that is meant', () => {
    expect(ranDigests({ ...question, ran: older.serviceRevisionArn.split('/').at(-1) ?? null })).toEqual(older.digests);
  });

  it('are never those of a service revision of something else', () => {
    const other = serviceDeployment('api:92', NOW - DAY, { serviceRevisionArn: serviceRevisionArn('other') });
    expect(ranDigests({ ...question, ran: 'other', deployments: ok([other, newer]) })).toEqual(newer.digests);
  });

  it('are those its copy ran with, else those of our record, else nobody knows', () => {
    const copied = serviceDeployment('api:429', NOW, { digests: new Map([['app', digestOf('copy')]]) });
    const asked = { arn: arnOf('api:421'), ran: null, past: [pastRollback()] };
    expect(ranDigests({ ...asked, deployments: ok([copied]) })).toEqual(copied.digests);
    expect(ranDigests({ ...asked, deployments: unread() })).toEqual(DIGESTS.get('api:421'));
    expect(ranDigests({ ...asked, past: [], deployments: unread() })).toEqual(new Map());
  });

  it('are those our record knows of a copy, and of what was left', () => {
    const asked = { ran: null, past: [pastRollback()], deployments: unread() };
    expect(ranDigests({ ...asked, arn: arnOf('api:429') })).toEqual(DIGESTS.get('api:421'));
    expect(ranDigests({ ...asked, arn: arnOf('api:428') })).toEqual(DIGESTS.get('api:428'));
    const silent = pastRollback({ id: 'rb-silent', digests: new Map() });
    expect(ranDigests({ ...asked, arn: arnOf('api:421'), past: [silent, pastRollback()] })).toEqual(
      DIGESTS.get('api:421'),
    );
  });

  it('are those of our newest record, where several know them', () => {
    const older = pastRollback({ id: 'rb-older1', digests: new Map([['app', digestOf('01d')]]) });
    const past = [pastRollback(), older];
    expect(ranDigests({ arn: arnOf('api:421'), ran: null, deployments: unread(), past })).toEqual(
      DIGESTS.get('api:421'),
    );
    expect(runningDigests(arnOf('api:429'), unread(), past)).toEqual(DIGESTS.get('api:421'));
  });

  it('that run are those of the latest deployment that tells them', () => {
    const silent = serviceDeployment('api:428', NOW, { digests: new Map() });
    expect(runningDigests(arnOf('api:428'), ok([silent, ...DEPLOYMENTS]), [])).toEqual(DIGESTS.get('api:428'));
    expect(runningDigests(arnOf('api:429'), unread(), [pastRollback()])).toEqual(DIGESTS.get('api:421'));
    expect(runningDigests(arnOf('api:1'), unread(), [])).toEqual(new Map());
  });
});

describe('the images that run', () => {
  it.each(['ROLLBACK_SUCCESSFUL', 'ROLLBACK_IN_PROGRESS', 'STOPPED'])(
    'are not those of a deployment of the same revision that ended with %s',
    (status) => {
      const good = new Map([['app', digestOf('a')]]);
      const bad = new Map([['app', digestOf('b')]]);
      const crashed = serviceDeployment('api:91', NOW, { status, digests: bad });
      const before = serviceDeployment('api:91', NOW - DAY, { digests: good });
      expect(runningDigests(arnOf('api:91'), ok([crashed, before]), [])).toEqual(good);
      expect(runningDigests(arnOf('api:91'), ok([crashed]), [])).toEqual(bad);
    },
  );
});

describe('the usual duration', () => {
  const took = (...minutes: readonly number[]) =>
    ok(
      minutes.map((count, index) =>
        serviceDeployment('api:1', NOW - index * DAY, { finishedAt: NOW - index * DAY + count * MINUTE }),
      ),
    );

  it('is the median of the last five good deployments', () => {
    expect(usualDurationMs(took(9, 1, 5, 3, 7, 100, 100))).toBe(5 * MINUTE);
    expect(usualDurationMs(took(4, 2))).toBe(3 * MINUTE);
    expect(usualDurationMs(took(4))).toBe(4 * MINUTE);
  });

  it('is not known where none ended well, or where they were not read', () => {
    expect(usualDurationMs(ok([serviceDeployment('api:1', NOW, { status: 'STOPPED' })]))).toBeNull();
    expect(usualDurationMs(ok([serviceDeployment('api:1', NOW, { startedAt: null })]))).toBeNull();
    expect(usualDurationMs(unread())).toBeNull();
  });
});

describe('what only our record knows', () => {
  const LONG_AGO = NOW - 120 * DAY;
  const old = pastRollback({ startedAt: LONG_AGO, endedAt: LONG_AGO + 4 * MINUTE });
  const ours = (past: readonly PastRollback[], deployments: readonly ServiceDeployment[] = DEPLOYMENTS, running = '') =>
    historyOf({ deployments, past, stops: [], running, at: NOW }).runs.filter(({ serviceRevisionArn }) =>
      past.some(({ id }) => id === serviceRevisionArn),
    );

  it('is a run of a copy that ECS has forgotten, at least until it was seen to be steady', () => {
    expect(ours([old])).toEqual([
      {
        arn: arnOf('api:421'),
        ranAs: arnOf('api:429'),
        everyArn: [arnOf('api:429')],
        serviceRevisionArn: old.id,
        digests: old.digests,
        startedAt: LONG_AGO,
        steadyAt: LONG_AGO + 4 * MINUTE,
        endedAt: LONG_AGO + 4 * MINUTE,
        ms: 0,
        atLeast: true,
        outcome: 'successful',
      },
    ]);
  });

  it('is that it still ran when the next rollback left it', () => {
    const next = pastRollback({
      id: 'rb-next01',
      copyArn: null,
      state: 'not-applied',
      leftArn: arnOf('api:429'),
      startedAt: LONG_AGO + 2 * DAY,
    });
    expect(ours([next, old])).toMatchObject([{ endedAt: LONG_AGO + 2 * DAY, ms: 2 * DAY - 4 * MINUTE, atLeast: true }]);
  });

  it('is how long it has run, where it still does', () => {
    expect(ours([old], [], arnOf('api:429'))).toMatchObject([
      { endedAt: null, ms: 120 * DAY - 4 * MINUTE, atLeast: false },
    ]);
  });

  it('is that it never became steady, unless the service was deleted', () => {
    const failed = { ...old, state: 'failed' as const };
    expect(ours([{ ...failed, reason: 'put-back' }])).toMatchObject([{ outcome: 'never-steady', ms: 0 }]);
    expect(ours([{ ...failed, reason: 'gone' }])).toEqual([]);
  });

  it.each([
    ['superseded', {}],
    ['not-applied', {}],
    ['watching', { endedAt: null }],
    ['succeeded', { copyArn: null }],
  ] as const)('is nothing of one that is %s, with %j', (state, change) => {
    expect(ours([{ ...old, state, ...change }])).toEqual([]);
  });

  it('is not told twice, nor where ECS tells all', () => {
    expect(ours([old], [serviceDeployment('api:429', LONG_AGO)])).toEqual([]);
    expect(ours([pastRollback({ startedAt: NOW - DAY, endedAt: NOW - DAY + MINUTE })])).toEqual([]);
  });

  it('stands in the order of time', () => {
    const between = [serviceDeployment('api:428', NOW - DAY), serviceDeployment('api:419', LONG_AGO - DAY)];
    const { runs } = historyOf({
      deployments: [...between, serviceDeployment('api:418', LONG_AGO - 2 * DAY)],
      past: [old],
      stops: [],
      at: NOW,
    });
    expect(runs.map(({ ranAs }) => revisionOf(ranAs))).toEqual(['api:428', 'api:419', 'api:429', 'api:418']);
  });

  it('is all there is where ECS does not tell, and never that something did not run', () => {
    const sources = { past: [old], stops: [], at: NOW };
    const known = historyFrom({ ...sources, deployments: unread() });
    expect(known).toMatchObject({ ok: true, value: { knownSince: NOW, runs: [{ arn: arnOf('api:421') }] } });
    expect(ranHere(known, { arn: arnOf('api:425'), registeredAt: NOW - DAY })).toEqual({ kind: 'not-known' });
    expect(historyFrom({ ...sources, past: [], deployments: unread() })).toEqual(unread());
  });

  it('goes by the name of its rollback', () => {
    const asked = { deployments: unread(), past: [old] };
    expect(meantDigests({ ...asked, arn: arnOf('api:421'), ran: old.id })).toEqual(old.digests);
    expect(meantDigests({ ...asked, arn: arnOf('api:428'), ran: old.id })).toBeNull();
  });
});
