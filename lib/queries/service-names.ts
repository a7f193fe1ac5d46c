import type { Application } from '@/lib/application';
import { familyOf } from '@/lib/domain/arn';
import { mainContainerOf } from '@/lib/domain/image';
import { may, type Principal } from '@/lib/domain/permissions';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import type { Service } from '@/lib/domain/service';
import { operatorsOf, placeOf, settingOf, type Target } from '@/lib/domain/target';
import type { ServiceHead } from '@/lib/queries/get-service';

/** A service of another place that runs an image, as far as the overview has read it. */
export type Sibling = { readonly service: string; readonly cluster: string };

/** The image of a service's main container; `null` where its revision was not read yet. */
export function mainImageOf(target: Target, service: Service, revision: RevisionSummary | null): string | null {
  if (revision === null) return null;
  const configured = settingOf(target, placeOf(service), 'mainContainer');
  return mainContainerOf({ shown: revision.shown, service, configured })?.image ?? null;
}

/**
 * Other services of the target whose main container runs the same image, as far as the principal may look at them and
 * the overview has read them.
 */
export function siblingsOf(
  principal: Principal,
  { target, service }: { readonly target: Target; readonly service: Service },
  { reads }: Pick<Application, 'reads'>,
): readonly Sibling[] {
  const image = mainImageOf(target, service, reads.knownSummary(service.taskDefinitionArn));
  if (image === null) return [];
  return othersOf(principal, { target, service }, { reads })
    .filter((other) => mainImageOf(target, other, reads.knownSummary(other.taskDefinitionArn)) === image)
    .map(({ name, clusterName }) => ({ service: name, cluster: clusterName }));
}

/** Names of other services of the target that run the same family, as far as {@link siblingsOf} would tell of them. */
export const familyOthers = (
  principal: Principal,
  { target, service }: { readonly target: Target; readonly service: Service },
  application: Pick<Application, 'reads'>,
): readonly string[] =>
  othersOf(principal, { target, service }, application)
    .filter(({ taskDefinitionArn }) => familyOf(taskDefinitionArn) === familyOf(service.taskDefinitionArn))
    .map(({ name }) => name);

const othersOf = (
  principal: Principal,
  { target, service }: { readonly target: Target; readonly service: Service },
  { reads }: Pick<Application, 'reads'>,
): readonly Service[] =>
  (reads.services.peek(target.name)?.value?.services ?? []).filter(
    (other) => other.arn !== service.arn && may(principal, 'look', target.name, placeOf(other)),
  );

/** What every page about one service says first. */
export function headOf(
  principal: Principal,
  target: Target,
  address: { readonly cluster: string; readonly service: string },
): ServiceHead {
  return {
    target,
    account: target.account,
    cluster: address.cluster,
    service: address.service,
    mayRollBack: may(principal, 'roll-back', target.name, address),
    operators: operatorsOf(target, address),
  };
}
