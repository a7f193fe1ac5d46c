'use server';

import { z } from 'zod';
import { action } from '@/lib/auth/action';
import { ok } from '@/lib/result';

const use = action(z.object({}), async () => ok(null));

/** Counts as use, so that the session does not end for want of it. */
export async function stay(): Promise<void> {
  await use(null, new FormData());
}
