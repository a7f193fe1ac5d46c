import type { Application } from '@/lib/application';
import { may, type Principal } from '@/lib/domain/permissions';
import type { ServiceAddress } from '@/lib/routes';
import type { ServiceHead } from './get-service';
import { serviceKey } from './reads';
import { familyOthers, headOf, type Sibling, siblingsOf } from './service-names';

/** What stands around a plan: told to people, and part of no decision. */
export type AroundPlan = {
  readonly head: ServiceHead;
  /** Other services that run the same image, as far as the overview has read them. */
  readonly sameImage: readonly Sibling[];
  /** Names of other services that run the same family, as far as the overview has read them. */
  readonly sameFamily: readonly string[];
};

/** What stands around a plan; `null` for a target that is not there, or not for this principal. Nothing is asked of AWS. */
export function aroundPlan(
  principal: Principal,
  { target: name, cluster, service }: ServiceAddress,
  application: Application,
): AroundPlan | null {
  const target = application.target(name);
  if (target === null || !may(principal, 'look', name, { cluster, service })) return null;
  const seen = application.reads.service.peek(serviceKey(name, cluster, service))?.value;
  const swept = application.reads.services.peek(name)?.value?.services;
  const known = seen ?? swept?.find((one) => one.name === service && one.clusterName === cluster);
  return {
    head: headOf(principal, target, { cluster, service }),
    sameImage: known ? siblingsOf(principal, { target, service: known }, application) : [],
    sameFamily: known ? familyOthers(principal, { target, service: known }, application) : [],
  };
}
