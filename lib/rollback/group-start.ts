import 'server-only';
import pLimit from 'p-limit';
import type { Application } from '@/lib/application';
import type { Deadline } from '@/lib/aws/deadline';
import { advance, getRollbackRow, type Rollback } from '@/lib/db/rollbacks';
import type { Plan } from '@/lib/domain/plan-shape';
import { isEnd, type Reason } from '@/lib/domain/rollback';

/** A confirmed rollback of a group, and its plan. */
export type GroupMember = { readonly rollback: Rollback; readonly plan: Plan };

/** The rollbacks of a group in the order in which they start. */
export type GroupStart = {
  readonly members: readonly GroupMember[];
  /** Whether the first goes alone, and the rest once ECS reports it steady. */
  readonly firstAlone: boolean;
};

/** What the process that took the press gives a group to start with. */
export type Turns = {
  readonly startBy: Deadline;
  /** Whether the process is ending: what has not begun then never begins. */
  closing(): boolean;
  /** Registers and sends one; never fails. */
  begin(member: GroupMember): Promise<void>;
  /** Takes one out of hand once it has ended without having begun; never fails. */
  drop(member: GroupMember, dropped: Promise<void>): Promise<void>;
};

/** Members that register and send at the same time: more would wait for the same quota. */
const AT_ONCE = 8;

/**
 * Begins with the members of a group, each in its turn, and ends those that must not begin any more. It runs in the process
 * that took the press and nowhere else: whoever takes over later starts none of them.
 */
export async function startInTurn(group: GroupStart, turns: Turns, application: Application): Promise<void> {
  const [first, ...rest] = group.members;
  if (first === undefined) return;
  const limit = pLimit(AT_ONCE);
  const begin = (member: GroupMember): Promise<void> =>
    limit(() => (turns.closing() ? dropOne(member, GONE, turns, application) : turns.begin(member)));
  if (!group.firstAlone) {
    await Promise.all(group.members.map(begin));
    return;
  }
  await begin(first);
  const why = await untilSteady(first, turns, application);
  await Promise.all(rest.map((member) => (why === null ? begin(member) : dropOne(member, why, turns, application))));
}

/** Why a member ends without having begun. */
type Dropped = { readonly reason: Reason; readonly words: string | null };

const GONE: Dropped = { reason: 'starter-gone', words: null };
const TOO_SLOW: Dropped = { reason: 'too-slow', words: null };

const LOOK_MS = 1_000;

/** Waits until the first one has ended; `null` where it succeeded, else why the rest must not begin. */
async function untilSteady(
  { rollback: { id, service } }: GroupMember,
  { startBy, closing }: Turns,
  { database, log, sleep }: Application,
): Promise<Dropped | null> {
  for (;;) {
    if (closing()) return GONE;
    if (startBy()) return TOO_SLOW;
    const row = await getRollbackRow(database, id).catch((error: unknown) => {
      log('database.failed', { doing: 'look at the first of a group', rollback: id, error });
      return null;
    });
    if (row !== null && isEnd(row.state)) {
      return row.state === 'succeeded' ? null : { reason: 'first-failed', words: service };
    }
    await sleep(LOOK_MS);
  }
}

const dropOne = (member: GroupMember, { reason, words }: Dropped, turns: Turns, application: Application) =>
  turns.drop(
    member,
    advance(
      application.database,
      application.log,
      member.rollback.id,
      { from: ['starting'], to: 'not-applied' },
      { event: 'ended', reason, ...(words !== null && { payload: { words } }) },
    ).then(() => undefined),
  );
