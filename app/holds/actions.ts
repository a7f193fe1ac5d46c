'use server';

import type { Route } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { application } from '@/lib/application';
import { action } from '@/lib/auth/action';
import { isGroupRollbackId, isRollbackId } from '@/lib/domain/arn';
import { type Failure, sentenceOf } from '@/lib/domain/failure';
import { fail } from '@/lib/result';
import { changeHold, holdDeployments } from '@/lib/rollback/hold';
import { routes } from '@/lib/routes';

const name = z.string().max(300);

/** Where somebody pressed: a service, a rollback of it, or one of several that it belongs to. */
const Place = z.object({ target: name, cluster: name, service: name, rollback: z.string().max(20).default('') });

const Placing = Place.extend({
  scope: z.string().max(20).default('service'),
  hours: z.coerce.number().int().default(0),
  reason: z.string().max(1_000).default(''),
});

const Changing = Place.extend({
  id: z.string().max(20),
  hours: z.coerce.number().int().optional(),
  reason: z.string().max(1_000).default(''),
});

const notHeld = (failure: Failure) => fail({ kind: 'not-held' as const, words: sentenceOf(failure) });

/** Back to the page somebody pressed on. */
function back({ rollback, ...address }: z.infer<typeof Place>): never {
  if (isGroupRollbackId(rollback)) redirect(routes.groupRollback(rollback) as Route);
  redirect((isRollbackId(rollback) ? routes.rollback(rollback) : routes.service(address)) as Route);
}

/** Holds deployments; or says why not. */
export const hold = action(Placing, async (principal, placing) => {
  const held = await holdDeployments(principal, placing, application());
  return held.ok ? back(placing) : notHeld(held.error);
});

/** Releases a hold, or makes it longer; or says why not. */
export const change = action(Changing, async (principal, { hours = null, ...changing }) => {
  const changed = await changeHold(principal, { ...changing, hours }, application());
  return changed.ok ? back(changing) : notHeld(changed.error);
});
