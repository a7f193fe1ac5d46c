'use server';

import type { Route } from 'next';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { access } from '@/lib/auth/access';
import { action } from '@/lib/auth/action';
import { ADDRESS_HEADER } from '@/lib/auth/names';
import { returnAddress } from '@/lib/auth/return-address';
import { KEYS_COOKIE, THEME_COOKIE, THEMES } from '@/lib/domain/preference';
import { ok } from '@/lib/result';

const YEAR_SECONDS = 365 * 86_400;

const keep = action(
  z.object({ theme: z.enum(THEMES).optional(), keys: z.enum(['on', 'off']).optional() }),
  async (_principal, { theme, keys }) => {
    const jar = await cookies();
    const options = { ...access().cookie.options, maxAge: YEAR_SECONDS };
    if (theme !== undefined) jar.set(THEME_COOKIE, theme, options);
    if (keys !== undefined) jar.set(KEYS_COOKIE, keys, options);
    return ok(null);
  },
);

/** Keeps a choice of the account menu in this browser and shows the same page again. */
export async function choose(form: FormData): Promise<void> {
  await keep(null, form);
  redirect(returnAddress((await headers()).get(ADDRESS_HEADER), access().baseUrl) as Route);
}
