import 'server-only';
import type { Application } from '@/lib/application';
import { isClusterName, isServiceName } from '@/lib/domain/arn';
import type { Fact, ReadFailure } from '@/lib/domain/facts';
import { may, type Principal } from '@/lib/domain/permissions';
import type { Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { fail, ok } from '@/lib/result';
import type { ServiceAddress } from '@/lib/routes';
import { serviceKey } from './reads';

/** A service as it was read last; `failure` says why it could not be read since. */
export type FoundService = {
  readonly target: Target;
  readonly service: Service;
  /** When that reading began, in milliseconds since 1970. */
  readonly readAt: number;
  readonly failure: ReadFailure | null;
};

/** How long a page waits for AWS before it shows what it has. */
export const PATIENCE_MS = 3_000;

/** What a page that has waited for long enough still gives to each of its parts, to take what is known already. */
const LAST_MS = 100;

/** How long a page that began to wait now may still wait, in milliseconds; asked again and again. */
export function patience(now: () => number): () => number {
  const until = now() + PATIENCE_MS;
  return () => Math.max(LAST_MS, until - now());
}

/** Stands for what a page has waited for long enough. */
export const NOT_YET: ReadFailure = {
  kind: 'no-answer',
  action: 'ecs:DescribeServices',
  words: 'AWS has not answered yet',
};

/**
 * Finds a service the principal may look at by shared reads; malformed names are not asked for.
 *
 * `null` where there is none, or none this principal may look at; a failure where AWS does not say and nobody has seen it.
 */
export async function findService(
  principal: Principal,
  { target: name, cluster, service: wanted }: ServiceAddress,
  { reads, target: targetOf }: Pick<Application, 'reads' | 'target'>,
): Promise<Fact<FoundService> | null> {
  const target = targetOf(name);
  const allowed = may(principal, 'look', name, { cluster, service: wanted });
  if (target === null || !allowed || !isClusterName(cluster) || !isServiceName(wanted)) return null;
  const seen = await reads.service.get(serviceKey(name, cluster, wanted), PATIENCE_MS);
  if (seen?.value) return ok({ target, service: seen.value, readAt: seen.readAt, failure: seen.failure });
  if (seen !== null && seen.failure === null) return null;
  // What the overview read stands in while this read does not answer.
  const failure = seen?.failure ?? NOT_YET;
  const swept = reads.services.peek(name);
  const known = swept?.value?.services.find((one) => one.name === wanted && one.clusterName === cluster);
  if (known !== undefined && swept) return ok({ target, service: known, readAt: swept.readAt, failure });
  return fail(failure);
}
