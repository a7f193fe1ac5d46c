import 'server-only';
import type { Route } from 'next';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import type { Principal } from '@/lib/domain/permissions';
import { isUse } from '@/lib/domain/use';
import { routes } from '@/lib/routes';
import { access } from './access';
import type { Identity } from './identity';
import { ADDRESS_HEADER } from './names';
import { pageAt } from './return-address';

/** How a request counts; polling (`use: false`) does not keep a session alive. */
export type Counting = { readonly use?: boolean };

/**
 * Who the request at hand comes from; asked once for each request, however many parts of a page ask.
 *
 * @param use - Whether it counts as use, if somebody made it at all.
 */
export const identity = cache(async (use: boolean): Promise<Identity> => {
  const { cookie, identify } = access();
  const jar = await cookies();
  return identify(jar.get(cookie.name)?.value, use && isUse(await headers(), jar));
});

/** Who is signed in, or nobody. */
export async function authenticate({ use = true }: Counting = {}): Promise<Principal | null> {
  const who = await identity(use);
  return who.kind === 'person' ? who.principal : null;
}

/**
 * Who is signed in; everybody else goes to sign-in and comes back to the same address.
 *
 * Asked before the first byte of a page, so that the redirect is one.
 */
export async function requirePrincipal({ use = true }: Counting = {}): Promise<Principal> {
  const who = await identity(use);
  if (who.kind === 'person') return who.principal;
  const address = pageAt((await headers()).get(ADDRESS_HEADER), access().baseUrl);
  const why = who.kind === 'over' ? who.why : who.kind === 'unreadable' ? who.kind : undefined;
  redirect(routes.signIn(address ?? undefined, why) as Route);
}
