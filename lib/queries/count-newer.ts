import 'server-only';
import type { Application } from '@/lib/application';
import { may, type Principal } from '@/lib/domain/permissions';
import { primaryOf } from '@/lib/domain/service';
import { mine, type OverviewQuery } from './list-services';
import { scopeOf } from './overview-filter';

const PATIENCE_MS = 3_000;

/**
 * How many services an overview shows whose latest deployment is newer than the newest it shows.
 *
 * @param since - Milliseconds since 1970.
 */
export async function countNewer(
  principal: Principal,
  { query, since }: { readonly query: OverviewQuery; readonly since: number },
  { configuration, reads }: Application,
): Promise<number> {
  const targets = configuration.targets.filter(({ name }) => may(principal, 'look', name));
  const read = await Promise.all(
    scopeOf(query, targets).map(async (target) =>
      mine(principal, target, await reads.services.get(target.name, PATIENCE_MS)),
    ),
  );
  const words = (query.q ?? '').toLowerCase();
  return read
    .flat()
    .filter(({ clusterName }) => !query.cluster || clusterName === query.cluster)
    .filter(({ name, taskDefinitionArn }) => `${name} ${taskDefinitionArn}`.toLowerCase().includes(words))
    .filter((service) => (primaryOf(service)?.createdAt ?? 0) > since).length;
}
