'use server';

import type { Route } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { application } from '@/lib/application';
import { action } from '@/lib/auth/action';
import { clearMark } from '@/lib/rollback/clear-mark';
import { routes } from '@/lib/routes';

const LONGEST = 1_000;
const name = z.string().max(300);

const clearing = z.object({
  target: name,
  cluster: name,
  service: name,
  revision: name,
  mark: name,
  reason: z.string().max(LONGEST),
});

/** Clears the mark of a version and shows the revision again; or says why not. */
export const clear = action(clearing, async (principal, form) => {
  const cleared = await clearMark(principal, form, application());
  if (!cleared.ok) return cleared;
  redirect(routes.revision(form, form.revision) as Route);
});
