import 'server-only';
import { LRUCache } from 'lru-cache';
import type { Aws } from '@/lib/aws/clients';
import type { Fact } from '@/lib/domain/facts';
import { primaryOf, type Service, type ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';

/** The newest deployments of services, read once for every state of a service: what overviews tell of its past. */
export type RecentDeployments = {
  /**
   * Deployments of services as they are now, by service ARN, asked for together. Of a service that looks as it did when
   * they were read last, nothing is asked again.
   */
  read(target: Target, services: readonly Service[]): Promise<ReadonlyMap<string, Fact<readonly ServiceDeployment[]>>>;
};

type Known = {
  readonly stamp: string;
  readonly fact: Fact<readonly ServiceDeployment[]>;
  /** When one that failed may be tried again. */
  readonly again: number;
};

const KEPT = 3_000;
const FAILED_FOR_MS = 60_000;

/** The recent deployments a process knows. They are read in the background. */
export function createRecentDeployments(aws: Pick<Aws, 'reader'>, now: () => number = Date.now): RecentDeployments {
  const known = new LRUCache<string, Known>({ max: KEPT });
  const isKnown = (service: Service): boolean => {
    const one = known.get(service.arn);
    return one !== undefined && one.stamp === stampOf(service) && (one.fact.ok || now() < one.again);
  };
  return {
    async read(target, services) {
      const unknown = services.filter((service) => !isKnown(service));
      const names = unknown.map(({ clusterName, name }) => ({ cluster: clusterName, service: name }));
      const facts =
        names.length === 0 ? [] : await aws.reader(target).recentDeployments(names, { priority: 'background' });
      for (const [index, service] of unknown.entries()) {
        const fact = facts[index];
        // Spread out, so that what failed together is not tried together.
        const again = now() + FAILED_FOR_MS * (0.5 + Math.random());
        if (fact !== undefined) known.set(service.arn, { stamp: stampOf(service), fact, again });
      }
      return new Map(
        services.flatMap(({ arn }) => {
          const fact = known.get(arn)?.fact;
          return fact === undefined ? [] : [[arn, fact] as const];
        }),
      );
    },
  };
}

/** What changes whenever a deployment of the service begins, ends or gives way. */
function stampOf(service: Service): string {
  const primary = primaryOf(service);
  return [primary?.id, primary?.rolloutState, service.taskDefinitionArn, service.deployments.length].join(' ');
}
