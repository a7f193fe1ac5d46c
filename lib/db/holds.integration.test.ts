import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { State } from '@/lib/domain/rollback';
import { type FreshDatabase, freshDatabase } from './fresh-database';
import { confirmGroup, type StoredGroup } from './groups';
import { openHolds } from './holds';
import { drawn, OWNER, planBody, pressed, principalOf, signIn, silent } from './pressing';
import { advance, intend, type Rollback } from './rollbacks';
import type { Session } from './sessions';
import { verifyRecord } from './verify';

let fresh: FreshDatabase;
let session: Session;

beforeAll(async () => {
  fresh = await freshDatabase(process.env.TEST_DATABASE_URL);
  session = await signIn(fresh.database);
});
afterAll(async () => {
  if (fresh === undefined) return;
  const verified = await verifyRecord(fresh.database);
  await fresh.drop();
  expect(verified).toMatchObject({ ok: true });
});

let groups = 0;

/** A group with a hold, each in a target of its own. */
async function held(size: number): Promise<StoredGroup & { readonly target: string }> {
  groups += 1;
  const target = `target-${groups}`;
  const principal = principalOf(session);
  const presses = await Promise.all(
    Array.from({ length: size }, async (_, index) => ({
      plan: await drawn(fresh.database, session, planBody(`group-${groups}-${index}`, { target })),
      principal,
      why: 'Errors after release',
      details: null,
      ticked: [],
      owner: OWNER,
      replaces: null,
    })),
  );
  const confirmed = await confirmGroup(
    fresh.database,
    silent,
    {
      ...{ target, image: 'notifications-api:release-1123', to: 'release-1119', undoes: null, principal, presses },
      ...{ why: 'Errors after release', details: null, firstAlone: false, leftOut: [] },
      hold: { hours: 24, repository: 'notifications-api' },
    },
    () => 'busy',
  );
  if (!confirmed.ok) throw new Error(`not confirmed: ${confirmed.error}`);
  return { ...confirmed.value, target };
}

const open = (target: string) => openHolds(fresh.database, target);
const move = (id: string, from: State, to: State) => advance(fresh.database, silent, id, { from: [from], to }, {});

async function changedNothing({ id }: Rollback): Promise<void> {
  expect(await move(id, 'starting', 'not-applied')).not.toBeNull();
}

async function accepted({ id }: Rollback): Promise<void> {
  await intend(fresh.database, silent, id, { copyArn: 'arn:copy', requestDigest: 'r' });
  expect(await move(id, 'sending', 'watching')).not.toBeNull();
}

async function succeeded(rollback: Rollback): Promise<void> {
  await accepted(rollback);
  await move(rollback.id, 'watching', 'succeeded');
}

const undoOf = ({ id, service, target }: Rollback): Promise<Rollback> =>
  pressed(fresh.database, session, planBody(service, { target, undo: id }));

const endings = (groupId: string) =>
  fresh.owner.query<{ payload: string }>(
    "SELECT payload FROM record WHERE kind = 'hold-ended' AND payload::jsonb->>'group' = $1",
    [groupId],
  );

describe('a hold made with a rollback of several services', () => {
  it('is one for all of them, and says what was rolled back', async () => {
    const { group, target } = await held(3);
    expect(await open(target)).toMatchObject([
      {
        scope: { kind: 'repository', repository: 'notifications-api' },
        reason: 'Errors after release',
        rollbackId: null,
        groupRollbackId: group.id,
        rolledBack: { from: 'release-1123', to: 'release-1119' },
      },
    ]);
  });

  it('stays while one of them counts, and ends with the last that changed nothing', async () => {
    const { group, target, rollbacks } = await held(3);
    const [one, two, three] = rollbacks.map(({ rollback }) => rollback) as [Rollback, Rollback, Rollback];
    await changedNothing(one);
    await changedNothing(two);
    expect(await open(target)).toHaveLength(1);
    await changedNothing(three);
    expect(await open(target)).toEqual([]);
    const [entry, ...others] = (await endings(group.id)).map(({ payload }) => JSON.parse(payload));
    expect(entry).toMatchObject({ group: group.id, rollback: three.id, why: 'nothing-changed' });
    expect(others).toEqual([]);
  });

  it('ends once, whichever of those that end at the same moment is the last', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { group, target, rollbacks } = await held(4);
      await Promise.all(rollbacks.map(({ rollback }) => changedNothing(rollback)));
      expect(await open(target)).toEqual([]);
      expect(await endings(group.id)).toHaveLength(1);
    }
  });

  it('ends when ECS has accepted the undo of the last of them', async () => {
    const { group, target, rollbacks } = await held(3);
    const [one, two, three] = rollbacks.map(({ rollback }) => rollback) as [Rollback, Rollback, Rollback];
    await changedNothing(three);
    await succeeded(one);
    await succeeded(two);
    await accepted(await undoOf(one));
    const undo = await undoOf(two);
    expect(await open(target)).toHaveLength(1);
    await accepted(undo);
    expect(await open(target)).toEqual([]);
    expect(await endings(group.id)).toHaveLength(1);
  });

  it('ends with the undo of the last that brought the version, also where others failed or were replaced', async () => {
    const { target, rollbacks } = await held(4);
    const [one, two, three, four] = rollbacks.map(({ rollback }) => rollback) as [
      Rollback,
      Rollback,
      Rollback,
      Rollback,
    ];
    for (const [rollback, end] of [
      [two, 'failed'],
      [three, 'superseded'],
    ] as const) {
      await accepted(rollback);
      expect(await move(rollback.id, 'watching', end)).not.toBeNull();
    }
    await changedNothing(four);
    await succeeded(one);
    expect(await open(target)).toHaveLength(1);
    await accepted(await undoOf(one));
    expect(await open(target)).toEqual([]);
  });

  it('stays where the last that ends changed nothing and another failed', async () => {
    const { target, rollbacks } = await held(2);
    const [one, two] = rollbacks.map(({ rollback }) => rollback) as [Rollback, Rollback];
    await accepted(one);
    await move(one.id, 'watching', 'failed');
    await changedNothing(two);
    expect(await open(target)).toHaveLength(1);
  });

  it('does not end with an undo that was refused, or given up while nobody knew', async () => {
    const { target, rollbacks } = await held(2);
    const [one, two] = rollbacks.map(({ rollback }) => rollback) as [Rollback, Rollback];
    await changedNothing(two);
    await succeeded(one);
    await changedNothing(await undoOf(one));
    const lost = await undoOf(one);
    await intend(fresh.database, silent, lost.id, { copyArn: 'arn:copy', requestDigest: 'r' });
    await move(lost.id, 'sending', 'unknown');
    await move(lost.id, 'unknown', 'closed');
    expect(await open(target)).toHaveLength(1);
  });
});
