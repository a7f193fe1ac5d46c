'use server';

import type { Route } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { action } from '@/lib/auth/action';
import { endOwnSession } from '@/lib/auth/sign-out';
import { ok } from '@/lib/result';

/** Ends the session here, then at the provider; its page leads back to our sign-in page. */
export async function signOut(): Promise<void> {
  redirect((await endOwnSession()) as Route);
}

const use = action(z.object({}), async () => ok(null));

/** Counts as use, so that the session does not end for want of it. */
export async function stay(): Promise<void> {
  await use(null, new FormData());
}
