import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Application } from '@/lib/application';
import { type FreshDatabase, freshDatabase } from '@/lib/db/fresh-database';
import { planBody, pressed, principalOf, signIn, silent } from '@/lib/db/pressing';
import { advance, intend } from '@/lib/db/rollbacks';
import { servicePast } from '@/lib/db/service-past';
import type { Session } from '@/lib/db/sessions';
import { revisionName } from '@/lib/domain/arn';
import { ok } from '@/lib/result';
import { clearMark } from './clear-mark';
import { TARGET } from './press-world';

// Which marks one press takes off a revision that was left with two sets of images, on a real PostgreSQL.

let fresh: FreshDatabase;
let session: Session;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  session = await signIn(fresh.database);
});
afterAll(() => fresh.drop());

const body = planBody('api', {});

/** Leaves the revision with an image, by a rollback that ended well. */
async function left(digest: string): Promise<string> {
  const { id } = await pressed(fresh.database, session, { ...body, from: { ...body.from, digests: { app: digest } } });
  await intend(fresh.database, silent, id, { copyArn: 'arn:copy', requestDigest: 'r' });
  await advance(fresh.database, silent, id, { from: ['sending'], to: 'watching' }, {});
  await advance(fresh.database, silent, id, { from: ['watching'], to: 'succeeded' }, {});
  return id;
}

const marks = async () =>
  (await servicePast(fresh.database, body.serviceArn)).marks.map(({ rollbackId }) => rollbackId).sort();

it('only those of the images that are shown', async () => {
  const [first, again, other] = [await left('sha256:a'), await left('sha256:a'), await left('sha256:b')];
  expect(await marks()).toEqual([first, again, other].sort());
  const found = { arn: body.serviceArn, taskDefinitionArn: body.from.arn };
  const application = {
    target: () => TARGET,
    access: { renewGroups: async (principal: unknown) => ok(principal) },
    aws: { reader: () => ({ describeServices: async () => ok({ services: [found] }) }) },
    database: fresh.database,
    log: silent,
  } as unknown as Application;
  const clear = (mark: string) =>
    clearMark(
      principalOf(session),
      {
        target: TARGET.name,
        cluster: 'notify',
        service: 'api',
        revision: revisionName(body.from.arn),
        mark,
        reason: 'It was the database',
      },
      application,
    );
  expect(await clear('rb-another1')).toMatchObject({ ok: false, error: { kind: 'no-mark' } });
  expect(await clear(again)).toEqual(ok(null));
  expect(await marks()).toEqual([other]);
  expect(await clear(first)).toMatchObject({ ok: false, error: { kind: 'no-mark' } });
});
