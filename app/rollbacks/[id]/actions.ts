'use server';

import type { Route } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { application } from '@/lib/application';
import { action } from '@/lib/auth/action';
import { sentenceOf } from '@/lib/domain/failure';
import { fail } from '@/lib/result';
import { closeRollback } from '@/lib/rollback/close-rollback';
import { intendOverwrite } from '@/lib/rollback/intend-overwrite';
import { routes } from '@/lib/routes';

const Closing = z.object({ id: z.string().max(20), typed: z.string().max(1_000).default('') });

/** Gives up a rollback nobody knows the answer of, and plans it again; or says why not. */
export const close = action(Closing, async (principal, closing) => {
  const closed = await closeRollback(principal, closing, application());
  if (!closed.ok) return fail({ kind: 'not-closed' as const, words: sentenceOf(closed.error) });
  redirect(routes.plan(closed.value, closed.value.wish) as Route);
});

const Intending = z.object({ id: z.string().max(20), reason: z.string().max(1_000).default('') });

/** Closes an overwritten rollback as intended and shows the service again; or says why not. */
export const intend = action(Intending, async (principal, intending) => {
  const intended = await intendOverwrite(principal, intending, application());
  if (!intended.ok) return fail({ kind: 'not-intended' as const, words: sentenceOf(intended.error) });
  redirect(routes.service(intended.value) as Route);
});
