'use server';

import type { Route } from 'next';
import { refresh } from 'next/cache';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { TickedBox } from '@/app/ticked-box';
import { application } from '@/lib/application';
import { action } from '@/lib/auth/action';
import { fail } from '@/lib/result';
import { confirmRollback } from '@/lib/rollback/confirm-rollback';
import { routes } from '@/lib/routes';
import { ALREADY_STARTED_COOKIE, answerOf } from './press-answer';

const Confirmation = z.object({
  plan: z.string().max(64),
  hash: z.string().max(64),
  ticked: z.array(z.string().max(64)).max(50).default([]),
  reason: z.string().max(200).default(''),
  details: z.string().max(4_000).default(''),
  typed: z.string().max(1_000).default(''),
  hold: TickedBox,
});

const A_MINUTE_S = 60;

/** Confirms the plan somebody has read and shows its progress; or answers why nothing was done. */
export const confirm = action(Confirmation, async (principal, confirmation) => {
  const confirmed = await confirmRollback(principal, confirmation, application());
  if (!confirmed.ok) {
    // What was read no longer holds: the page is drawn anew below the answer.
    if (confirmed.error.kind !== 'form') refresh();
    return fail(answerOf(confirmed.error, confirmation));
  }
  const { id, again } = confirmed.value;
  if (again) {
    const path = routes.rollback(id);
    (await cookies()).set(ALREADY_STARTED_COOKIE, id, { path, maxAge: A_MINUTE_S, httpOnly: true, sameSite: 'lax' });
  }
  redirect(routes.rollback(id) as Route);
});
