'use server';

import type { Route } from 'next';
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { answerOf } from '@/app/services/[target]/[cluster]/[service]/rollback/press-answer';
import { TickedBox } from '@/app/ticked-box';
import { application } from '@/lib/application';
import { action } from '@/lib/auth/action';
import { fail } from '@/lib/result';
import { confirmGroup } from '@/lib/rollback/confirm-group';
import { routes } from '@/lib/routes';

/** More services than a target of one image has. */
const MOST = 200;

const Confirmation = z.object({
  plans: z.array(z.string().max(64)).max(MOST).default([]),
  hash: z.string().max(64),
  chosen: z.array(z.string().max(512)).max(MOST).default([]),
  counted: z.coerce.number().int().min(0).max(MOST),
  how: z.string().max(10).default('all'),
  ticked: z.array(z.string().max(512)).max(MOST).default([]),
  reason: z.string().max(200).default(''),
  details: z.string().max(4_000).default(''),
  typed: z.string().max(1_000).default(''),
  hold: TickedBox,
});

/** Confirms the chosen services of a group and shows their progress; or answers why nothing was done. */
export const confirmAll = action(Confirmation, async (principal, confirmation) => {
  const confirmed = await confirmGroup(principal, confirmation, application());
  if (!confirmed.ok) {
    if (confirmed.error.kind !== 'form') refresh();
    return fail(answerOf(confirmed.error, confirmation));
  }
  redirect(routes.groupRollback(confirmed.value.id) as Route);
});
