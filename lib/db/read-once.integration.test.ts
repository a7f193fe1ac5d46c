import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import type { ServiceDeployment } from '@/lib/domain/service';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { pruneReadOnce, readOnceIn } from './read-once';

const ECS = 'arn:aws:ecs:eu-west-1:111111111111';
let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
});
afterAll(() => fresh?.drop());

const summary = (family: string, number: number, image: string, change: Partial<RevisionSummary> = {}) => ({
  arn: `${ECS}:task-definition/${family}:${number}`,
  family,
  number,
  status: 'ACTIVE',
  registeredAt: 1_790_000_000_000,
  deregisteredAt: null,
  registeredBy: null,
  tags: [],
  unknownFields: [],
  shown: { family, containerDefinitions: [{ name: 'app', image, essential: true }] },
  ...change,
});

describe('what is read once', () => {
  it('is given back as it was, to any process', async () => {
    const first = summary('api', 421, 'registry.test/api:release-1119');
    const gone = `${ECS}:task-definition/api:1`;
    await readOnceIn(fresh.database).keepSummaries([first, first]);
    expect(await readOnceIn(fresh.open()).summaries([first.arn, gone])).toEqual(new Map([[first.arn, first]]));
  });

  it('is replaced by what was read later', async () => {
    const kept = readOnceIn(fresh.database);
    const active = summary('status', 1, 'registry.test/status:1');
    await kept.keepSummaries([active]);
    await kept.keepSummaries([{ ...active, status: 'INACTIVE', deregisteredAt: 7 }]);
    expect((await kept.summaries([active.arn])).get(active.arn)).toMatchObject({ status: 'INACTIVE' });
  });

  it('is found in its own family alone, newest first, by a part of an image or the number', async () => {
    const kept = readOnceIn(fresh.database);
    await kept.keepSummaries([
      summary('find_me', 9, 'registry.test/app:release-1098'),
      summary('find_me', 10, 'registry.test/app:Release-1098-fixed'),
      summary('find_me', 11, 'registry.test/app:release-1100'),
      summary('findXme', 1, 'registry.test/app:release-1098'),
    ]);
    const family = `${ECS}:task-definition/find_me:`;
    const numbers = async (text: string, limit = 10) =>
      (await kept.findSummaries(family, text, limit)).map(({ number }) => number);
    expect(await numbers(' RELEASE-1098 ')).toEqual([10, 9]);
    expect(await numbers('release', 2)).toEqual([11, 10]);
    expect(await numbers('11')).toEqual([11]);
    expect(await numbers('%')).toEqual([]);
  });

  it('keeps the digests of a deployment', async () => {
    const kept = readOnceIn(fresh.database);
    const deployment: ServiceDeployment = {
      arn: `${ECS}:service-deployment/shop/api/one`,
      status: 'SUCCESSFUL',
      statusReason: null,
      createdAt: 1,
      startedAt: 2,
      finishedAt: 3,
      serviceRevisionArn: `${ECS}:service-revision/shop/api/1`,
      taskDefinitionArn: `${ECS}:task-definition/api:421`,
      digests: new Map([['app', 'sha256:1']]),
      sourceServiceRevisionArns: [],
      circuitBreaker: null,
      waitingForHook: false,
      returnedBy: 'somebody',
      returnsToArn: null,
    };
    await kept.keepDeployments([deployment]);
    expect(await kept.deployments([deployment.arn])).toEqual(new Map([[deployment.arn, deployment]]));
  });

  it('goes once it was not read for long, and nothing else does', async () => {
    const kept = readOnceIn(fresh.database);
    const [old, young] = [summary('prune', 1, 'a:1'), summary('prune', 2, 'a:2')];
    await kept.keepSummaries([old, young]);
    await fresh.owner.query(`UPDATE revision SET seen_at = now() - interval '201 days' WHERE arn = $1`, [old.arn]);
    expect(await pruneReadOnce(fresh.database)).toBe(1);
    expect([...(await kept.summaries([old.arn, young.arn])).keys()]).toEqual([young.arn]);
  });
});
