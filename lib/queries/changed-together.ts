import 'server-only';
import type { Application } from '@/lib/application';
import { type Groupable, groupsOf } from '@/lib/domain/group';
import { parseImage } from '@/lib/domain/image';
import { may, type Principal } from '@/lib/domain/permissions';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import { primaryOf, type Service } from '@/lib/domain/service';
import { placeOf, type Target } from '@/lib/domain/target';
import { mine } from './list-services';
import { mainImageOf } from './service-names';

/** An image that several services of a target run since a short while. */
export type ChangedTogether = {
  readonly target: string;
  readonly image: string;
  readonly services: number;
  /** When the last of them changed, in milliseconds since 1970. */
  readonly at: number;
  readonly mayRollBack: boolean;
};

const DAY_MS = 86_400_000;
const SHOWN = 3;

/**
 * Images brought to several services within a day, newest first: what the overview has read, without asking anybody
 * again. What we ourselves brought is no release to go back from.
 */
export function changedTogether(
  principal: Principal,
  targets: readonly Target[],
  application: Pick<Application, 'reads' | 'rowPasts' | 'now'>,
): readonly ChangedTogether[] {
  const since = application.now() - DAY_MS;
  return targets
    .flatMap((target) =>
      groupsOf(groupables(principal, target, application)).map(({ image, members }) => ({
        target: target.name,
        image,
        services: members.length,
        at: members.reduce((latest, { at }) => Math.max(latest, at), 0),
        mayRollBack: members.some(({ cluster, service }) =>
          may(principal, 'roll-back', target.name, { cluster, service }),
        ),
        ours: members.some(({ ours }) => ours),
      })),
    )
    .filter(({ at, ours }) => at > since && !ours)
    .sort((a, b) => b.at - a.at)
    .slice(0, SHOWN)
    .map(({ ours: _ours, ...one }) => one);
}

type World = Pick<Application, 'reads' | 'rowPasts'>;

function groupables(principal: Principal, target: Target, { reads, rowPasts }: World) {
  const known = mine(principal, target, reads.services.peek(target.name));
  return known.flatMap((service) => {
    const one = groupableOf(target, service, reads.knownSummary(service.taskDefinitionArn));
    return one === null ? [] : [{ ...one, ours: rowPasts.known(service)?.ours != null }];
  });
}

type Known = Groupable & { readonly at: number };

/** Made once for every reading of a service, however many look. */
const made = new WeakMap<Service, { readonly revision: RevisionSummary | null; readonly known: Known | null }>();

function groupableOf(target: Target, service: Service, revision: RevisionSummary | null): Known | null {
  const before = made.get(service);
  if (before !== undefined && before.revision === revision) return before.known;
  const image = mainImageOf(target, service, revision);
  const reference = image === null ? null : parseImage(image);
  const known =
    reference === null || reference.digest !== null
      ? null
      : {
          ...placeOf(service),
          repository: reference.repository,
          tag: reference.tag ?? 'latest',
          balanced: service.loadBalancers.length > 0,
          at: primaryOf(service)?.createdAt ?? 0,
        };
  made.set(service, { revision, known });
  return known;
}
