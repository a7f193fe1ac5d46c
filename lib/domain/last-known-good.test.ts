import { describe, expect, it } from 'vitest';
import { arnOf, DEPLOYMENTS, digestOf, mark, NOW, pastRollback, serviceDeployment } from './fixtures';
import { historyOf } from './history';
import { candidates, type GoodQuestion, lastKnownGood } from './last-known-good';
import type { PastRollback } from './past-rollback';
import type { ServiceDeployment } from './service';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Change = Partial<GoodQuestion> & {
  readonly deployments?: readonly ServiceDeployment[];
  readonly past?: readonly PastRollback[];
};

const question = ({ deployments = DEPLOYMENTS, past = [], ...change }: Change = {}): GoodQuestion => ({
  history: historyOf({ deployments, past, stops: [], at: NOW }),
  running: new Set([arnOf('api:428')]),
  marks: [],
  imagesOf: () => 'exist',
  minimumMinutes: 60,
  ...change,
});

const suggested = (change: Change = {}): string | null => lastKnownGood(question(change))?.run.arn ?? null;

describe('the last known good version', () => {
  it('of the story is 421, and why is said', () => {
    const good = lastKnownGood(question());
    expect(good?.run.arn).toBe(arnOf('api:421'));
    expect(good?.why).toBe('latest that ran an hour or more and was not rolled back from; images exist');
  });

  it('is the one whose last period ended latest', () => {
    expect(candidates(question()).map(({ arn }) => arn)).toEqual([arnOf('api:421'), arnOf('api:419')]);
  });

  it('is one that still serves while another is being deployed', () => {
    const deployments = [
      serviceDeployment('api:429', NOW, { status: 'IN_PROGRESS', finishedAt: null }),
      serviceDeployment('api:428', NOW - 3 * HOUR),
      serviceDeployment('api:421', NOW - DAY),
    ];
    expect(suggested({ deployments, running: new Set([arnOf('api:429')]) })).toBe(arnOf('api:428'));
  });

  it('ran long enough once, however short its last period was', () => {
    const again = [
      serviceDeployment('api:428', NOW - HOUR),
      serviceDeployment('api:419', NOW - HOUR - 10 * MINUTE),
      serviceDeployment('api:421', NOW - 5 * HOUR),
      serviceDeployment('api:419', NOW - 5 * DAY),
    ];
    const good = lastKnownGood(question({ deployments: again }));
    expect(good?.run).toMatchObject({ arn: arnOf('api:419'), endedAt: NOW - HOUR });
  });

  describe('is none that', () => {
    it('only our record knows of: what was deployed since, nobody knows', () => {
      const at = NOW - 120 * DAY;
      const left = pastRollback({ id: 'rb-next01', copyArn: null, leftArn: arnOf('api:429'), startedAt: at + DAY });
      const past = [left, pastRollback({ startedAt: at, endedAt: at })];
      const deployments = [serviceDeployment('api:428', NOW - DAY)];
      expect(question({ deployments, past }).history.runs).toHaveLength(2);
      expect(suggested({ deployments, past })).toBeNull();
    });

    it('is running, nor what the running copy was made from, nor another copy of it', () => {
      const past = [pastRollback()];
      const rolledBack = [serviceDeployment('api:429', NOW - HOUR), serviceDeployment('api:428', NOW - DAY)];
      for (const running of [[arnOf('api:429'), arnOf('api:421')], [arnOf('api:429')], [arnOf('api:421')]]) {
        expect(suggested({ deployments: rolledBack, past, running: new Set(running) })).toBe(arnOf('api:428'));
      }
    });

    it('did not become steady the last time it was deployed', () => {
      const failedLater = [
        serviceDeployment('api:421', NOW - 20 * MINUTE, { status: 'ROLLBACK_SUCCESSFUL' }),
        ...DEPLOYMENTS,
      ];
      expect(suggested({ deployments: failedLater })).toBe(arnOf('api:419'));
    });

    it('is being deployed just now', () => {
      const deploying = [
        serviceDeployment('api:421', NOW, { status: 'IN_PROGRESS', finishedAt: null }),
        ...DEPLOYMENTS,
      ];
      expect(suggested({ deployments: deploying })).toBe(arnOf('api:419'));
    });

    it('ran for less than the minimum without a break', () => {
      const short = [
        serviceDeployment('api:428', NOW - HOUR),
        serviceDeployment('api:426', NOW - 2 * HOUR),
        serviceDeployment('api:421', NOW - DAY),
      ];
      expect(suggested({ deployments: short })).toBe(arnOf('api:421'));
      expect(suggested({ deployments: short, minimumMinutes: 56 })).toBe(arnOf('api:426'));
      expect(lastKnownGood(question({ deployments: short, minimumMinutes: 56 }))?.why).toContain(
        'ran 56 minutes or more',
      );
    });

    it('somebody rolled back from, itself or any copy of it', () => {
      expect(suggested({ marks: [mark()] })).toBe(arnOf('api:419'));
      const past = [pastRollback()];
      const deployments = [
        serviceDeployment('api:428', NOW - HOUR),
        serviceDeployment('api:421', NOW - 3 * HOUR),
        serviceDeployment('api:429', NOW - 5 * HOUR),
        serviceDeployment('api:419', NOW - DAY),
      ];
      const marks = [mark({ taskDefinitionArn: arnOf('api:429') })];
      expect(suggested({ deployments, past, marks })).toBe(arnOf('api:419'));
    });

    it('has an image that is gone', () => {
      expect(suggested({ imagesOf: ({ arn }) => (arn === arnOf('api:421') ? 'gone' : 'exist') })).toBe(
        arnOf('api:419'),
      );
      expect(suggested({ imagesOf: () => 'gone' })).toBeNull();
    });
  });

  it('may have been stopped the last time: that says nothing of it', () => {
    const stopped = [serviceDeployment('api:421', NOW - 20 * MINUTE, { status: 'STOPPED' }), ...DEPLOYMENTS];
    expect(suggested({ deployments: stopped })).toBe(arnOf('api:421'));
  });

  it('whose images could not be checked is suggested, and this is said', () => {
    expect(lastKnownGood(question({ imagesOf: () => 'not-checked' }))?.why).toBe(
      'latest that ran an hour or more and was not rolled back from; whether its images exist was not checked',
    );
  });

  it('may be the running revision with the images it ran with before', () => {
    const ran = (start: string) => ({ digests: new Map([['app', digestOf(start)]]) });
    const deployments = [
      serviceDeployment('api:91', NOW - HOUR, ran('new')),
      serviceDeployment('api:91', NOW - DAY, ran('old')),
    ];
    const running = new Set([arnOf('api:91')]);
    const good = lastKnownGood(question({ deployments, running, runningDigests: new Map([['app', digestOf('new')]]) }));
    expect(good?.run.digests).toEqual(ran('old').digests);
    expect(suggested({ deployments, running })).toBeNull();
  });

  it('is not unmade by a rollback from the same revision with other images', () => {
    const ran = (start: string) => new Map([['app', digestOf(start)]]);
    const deployments = [
      serviceDeployment('api:92', NOW - HOUR, { digests: ran('newest') }),
      serviceDeployment('api:91', NOW - 3 * HOUR, { digests: ran('new') }),
      serviceDeployment('api:91', NOW - DAY, { digests: ran('old') }),
    ];
    const marks = [mark({ taskDefinitionArn: arnOf('api:91'), digests: ran('new') })];
    const good = lastKnownGood(question({ deployments, running: new Set([arnOf('api:92')]), marks }));
    expect(good?.run.digests).toEqual(ran('old'));
  });

  it('is no guess: where none qualifies there is none', () => {
    expect(suggested({ deployments: [] })).toBeNull();
    expect(suggested({ deployments: [serviceDeployment('api:428', NOW - DAY)] })).toBeNull();
  });
});
