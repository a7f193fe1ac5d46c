import 'server-only';
import type { Failure } from '@/lib/domain/failure';
import { sharedWarnings } from '@/lib/domain/group-warnings';
import type { Principal } from '@/lib/domain/permissions';
import type { Result } from '@/lib/result';
import { confirmGroup, type GroupConfirmation } from './confirm-group';
import type { Confirmed } from './confirm-rollback';
import { groupHash, type MemberWish, planGroup } from './plan-group';
import { type PressWorld, TARGET } from './press-world';

/** What tests of groups press with, beside what those of one service do. */

/** Workers of the demo that run the image of `api`, with the revision that ran `release-1119`. */
export const WORKERS = {
  'delivery-worker-callbacks': 115,
  'delivery-worker-jobs': 201,
  'delivery-worker-letters': 94,
  'delivery-worker-receipts': 138,
  'delivery-worker-reporting': 172,
  'delivery-worker-research': 85,
  'delivery-worker-retries': 60,
  'delivery-worker-sms': 306,
} as const;

const wished = (service: string, number: number): MemberWish => ({
  cluster: 'notify',
  service,
  balanced: service === 'api',
  wish: { to: `${service}:${number}`, bring: 'images', ran: null, undo: null, stop: null },
});

/** `api` and its eight workers, or those named. */
export const everyone = (names: readonly string[] = ['api', ...Object.keys(WORKERS)]): readonly MemberWish[] =>
  names.map((name) => wished(name, name === 'api' ? 421 : WORKERS[name as keyof typeof WORKERS]));

/** A group as it was read: the form its page would carry, with everything ticked and filled in. */
export async function readGroup(
  { application, operator }: PressWorld,
  members = everyone(),
  by: Principal = operator,
): Promise<GroupConfirmation> {
  const image = 'notifications-api:release-1123';
  const drawn = await planGroup(
    by,
    { target: TARGET.name, image, to: 'release-1119', undoes: null, members },
    application,
  );
  const saved = drawn.map(({ service, drawn: one }) => {
    if (!one.ok || one.value.saved === null || one.value.body === null) throw new Error(`${service} has no plan`);
    return { ...one.value.saved, findings: one.value.body.findings, service };
  });
  return {
    plans: saved.map(({ id }) => id),
    hash: groupHash(saved),
    chosen: members.map(({ cluster, service }) => `${cluster}/${service}`),
    counted: members.length,
    how: 'all',
    ticked: sharedWarnings(saved).map(({ id }) => id),
    reason: 'Errors after release',
    details: 'INC-204',
    typed: 'notifications-api',
    hold: false,
  };
}

/** Presses what was read. */
export const pressGroup = (
  { application, operator }: PressWorld,
  read: GroupConfirmation,
  change: Partial<GroupConfirmation> = {},
  by: Principal = operator,
): Promise<Result<Confirmed, Failure>> => confirmGroup(by, { ...read, ...change }, application);
