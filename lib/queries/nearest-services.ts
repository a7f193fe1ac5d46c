import 'server-only';
import type { Application } from '@/lib/application';
import { distance } from '@/lib/domain/distance';
import { may, type Principal } from '@/lib/domain/permissions';
import type { ServiceAddress } from '@/lib/routes';
import { mine } from './list-services';

const PATIENCE_MS = 3_000;
const SHOWN = 3;
/** Longer names than ECS has are nobody's mistyping. */
const LONGEST = 255;

/** The services whose names are most like one that does not exist, among those the principal may look at. */
export async function nearestServices(
  principal: Principal,
  { target: wantedTarget, service: wanted }: ServiceAddress,
  { configuration, reads }: Pick<Application, 'configuration' | 'reads'>,
): Promise<readonly ServiceAddress[]> {
  const viewable = configuration.targets.filter(({ name }) => may(principal, 'look', name));
  const same = viewable.filter(({ name }) => name === wantedTarget);
  const read = await Promise.all(
    (same.length > 0 ? same : viewable).map(async (target) =>
      mine(principal, target, await reads.services.get(target.name, PATIENCE_MS)).map((service) => ({
        target: target.name,
        cluster: service.clusterName,
        service: service.name,
      })),
    ),
  );
  const word = wanted.slice(0, LONGEST).toLowerCase();
  return read
    .flat()
    .map((address) => ({ address, far: unlikeness(word, address.service.toLowerCase()) }))
    .sort((a, b) => a.far - b.far || a.address.service.localeCompare(b.address.service))
    .slice(0, SHOWN)
    .map(({ address }) => address);
}

/** A name that holds the word, or is held by it, is nearer than one that only looks alike. */
const unlikeness = (word: string, name: string): number =>
  name.includes(word) || word.includes(name) ? Math.abs(name.length - word.length) / LONGEST : distance(word, name);
