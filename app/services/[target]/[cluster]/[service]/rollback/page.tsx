import { type Query, readPath, readQuery } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { NotThere } from '@/app/not-there';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import type { Wish } from '@/lib/domain/facts';
import { aroundPlan } from '@/lib/queries/around-plan';
import type { ServiceHead } from '@/lib/queries/get-service';
import { type HoldChoice, holdChoice } from '@/lib/queries/holds';
import { type DrawnPlan, planRollback } from '@/lib/rollback/plan-rollback';
import type { ServiceAddress } from '@/lib/routes';
import { ChooseVersion } from './choose-version';
import { PlanRead } from './plan-read';
import { meetsPipeline } from './plan-view';
import { Unreadable } from './unreadable';

type Props = { readonly params: Promise<ServiceAddress>; readonly searchParams: Query };

/** A rollback before it is confirmed: what comes back, what will happen, what speaks against it, and the form. */
export default async function PlanPage({ params, searchParams }: Props) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const address = await readPath(params);
  const query = await readQuery(searchParams, ['to', 'bring', 'ran', 'undo', 'stop', 'again']);
  const [wish, again] = [wishIn(query), query.again ?? null];
  const around = aroundPlan(principal, address, application());
  if (around === null) return <NotThere />;
  if (wish.to === null && wish.stop === null) return <ChooseVersion principal={principal} address={address} />;
  const sameImage = around.sameImage.map(({ service }) => service);
  const drawn = await planRollback(
    principal,
    { ...address, wish, sameImage, sameFamily: around.sameFamily, again },
    application(),
  );
  const base = { principal, address, wish, again, head: around.head };
  if (drawn.ok) return <PlanRead {...base} drawn={drawn.value} hold={await holdOn(around.head, drawn.value)} />;
  if (drawn.error.kind === 'not-found') return <NotThere />;
  return <Unreadable {...base} failure={drawn.error.failure} />;
}

/** The box that also holds deployments, where they would replace what is planned. */
async function holdOn({ target }: ServiceHead, { planned }: DrawnPlan): Promise<HoldChoice | null> {
  if (planned.kind !== 'plan' || planned.plan.kind !== 'copy' || !meetsPipeline(planned.plan)) return null;
  return holdChoice(target, planned.plan.service, application());
}

/** What the address asks for; anything it does not say in these words counts for nothing. */
function wishIn({ to, bring, ran, undo, stop }: Partial<Record<keyof Wish, string>>): Wish {
  return {
    to: to ?? null,
    bring: bring === 'images' || bring === 'everything' ? bring : null,
    ran: ran ?? null,
    undo: undo ?? null,
    stop: stop ?? null,
  };
}
