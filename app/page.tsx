import type { Route } from 'next';
import { redirect } from 'next/navigation';
import { requirePrincipal } from '@/lib/auth/principal';
import { routes } from '@/lib/routes';

/** The overview is where everybody starts. */
export default async function StartPage(): Promise<never> {
  await requirePrincipal();
  redirect(routes.services() as Route);
}
