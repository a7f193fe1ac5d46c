import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanBody } from '@/lib/domain/plan-body';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { planBody, pressed, signIn, silent } from './pressing';
import { advance, intend } from './rollbacks';
import { servicePast } from './service-past';
import type { Session } from './sessions';

// What the record says of versions that were left, from a real PostgreSQL.

let fresh: FreshDatabase;
let session: Session;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  session = await signIn(fresh.database);
});
afterAll(() => fresh.drop());

/** Presses a rollback and sends it; `accepted` by ECS, or not yet. */
async function left(service: string, change: Partial<PlanBody>, accepted = true): Promise<PlanBody> {
  const body = planBody(service, change);
  const { id } = await pressed(fresh.database, session, body);
  await intend(fresh.database, silent, id, { copyArn: 'arn:copy', requestDigest: 'r' });
  if (accepted) await advance(fresh.database, silent, id, { from: ['sending'], to: 'watching' }, {});
  return body;
}

const marksOf = async ({ serviceArn }: PlanBody) => (await servicePast(fresh.database, serviceArn)).marks;

describe('a version is marked as rolled back from', () => {
  it('once ECS has accepted the change, with the images that ran, who, and why', async () => {
    const body = await left('accepted', {});
    expect(await marksOf(body)).toEqual([
      expect.objectContaining({
        taskDefinitionArn: body.from.arn,
        digests: new Map(Object.entries(body.from.digests)),
        by: 'k.smith',
        reason: 'Errors after release',
      }),
    ]);
  });

  it('by no change ECS has not accepted', async () => {
    expect(await marksOf(await left('not-yet', {}, false))).toEqual([]);
  });

  it.each([
    ['succeeded', 0],
    ['failed', 1],
    ['superseded', 1],
  ] as const)('again where its undo ended as %s: %i', async (end, marks) => {
    const service = `undone-${end}`;
    const first = planBody(service);
    const { id } = await pressed(fresh.database, session, first);
    await intend(fresh.database, silent, id, { copyArn: 'arn:copy', requestDigest: 'r' });
    await advance(fresh.database, silent, id, { from: ['sending'], to: 'watching' }, {});
    await advance(fresh.database, silent, id, { from: ['watching'], to: 'succeeded' }, {});
    const undo = await pressed(fresh.database, session, planBody(service, { undo: id }));
    expect(await marksOf(first)).toHaveLength(1);
    await intend(fresh.database, silent, undo.id, { copyArn: 'arn:copy', requestDigest: 'r' });
    await advance(fresh.database, silent, undo.id, { from: ['sending'], to: 'watching' }, {});
    expect(await marksOf(first)).toEqual([]);
    await advance(fresh.database, silent, undo.id, { from: ['watching'], to: end }, {});
    expect(await marksOf(first)).toHaveLength(marks);
  });

  it('by nobody who went forward: the older version that was left may have been good', async () => {
    expect(await marksOf(await left('forward', { forward: true }))).toEqual([]);
  });
});

describe('a deployment stopped from here', () => {
  const stop = { kind: 'stop', stopArn: 'arn:deployment/one' } as const;

  it('is known once ECS has taken the stop', async () => {
    const { serviceArn } = await left('stopped-here', stop);
    expect((await servicePast(fresh.database, serviceArn)).stops).toEqual([stop.stopArn]);
  });

  it('is none while ECS has not', async () => {
    const { serviceArn } = await left('not-stopped-yet', stop, false);
    expect((await servicePast(fresh.database, serviceArn)).stops).toEqual([]);
  });
});
