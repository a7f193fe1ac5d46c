import { describe, expect, it } from 'vitest';
import { apiDefinition, arnOf, NOW, revisionOf, service, serviceDeployment, TARGET } from '@/lib/domain/fixtures';
import { ok } from '@/lib/result';
import { judged, UNKNOWN_PAST } from './good-version';

const HOUR_MS = 3_600_000;
const EARLIER = [427, 426, 425, 424, 423, 422, 421, 420];

/** What is suggested where only the images of one revision are there; who the registry was asked about. */
async function suggested(there: number) {
  const asked: string[] = [];
  const deployments = [428, ...EARLIER].map((number, index) =>
    serviceDeployment(`api:${number}`, NOW - (index + 1) * 24 * HOUR_MS),
  );
  const reads = {
    summaries: async (_target: unknown, [arn = '']: readonly string[]) => {
      asked.push(arn);
      return new Map([[arn, ok(revisionOf(apiDefinition(421)))]]);
    },
    image: {
      get: async () => ({ value: { digest: null, usable: asked.at(-1) === arnOf(`api:${there}`), pushedAt: null } }),
    },
  };
  const application = { reads, configuration: { lastKnownGoodMinutes: 60 }, now: () => NOW } as never;
  const question = { target: TARGET, service: service(), deployments: ok(deployments), own: UNKNOWN_PAST };
  const { good } = await judged({ ...question, waitMs: 1_000, priority: 'page' }, application);
  return { good: good?.run.arn ?? null, asked: asked.length };
}

describe('The last known good version', () => {
  it('is the newest of which the registry still has the images', async () => {
    expect(await suggested(427)).toEqual({ good: arnOf('api:427'), asked: 1 });
    expect(await suggested(423)).toEqual({ good: arnOf('api:423'), asked: 5 });
  });

  it('is none of those nobody looked up', async () => {
    expect(await suggested(421)).toEqual({ good: null, asked: 5 });
  });
});
