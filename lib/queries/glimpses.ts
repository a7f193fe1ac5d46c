import 'server-only';
import { LRUCache } from 'lru-cache';
import type { Aws } from '@/lib/aws/clients';
import { GROUP } from '@/lib/aws/service-deployments';
import { familyOf, revisionNumber } from '@/lib/domain/arn';
import { mainContainerOf } from '@/lib/domain/image';
import type { RunningImages, Service } from '@/lib/domain/service';
import { placeOf, settingOf, type Target } from '@/lib/domain/target';
import type { NamedRevision } from '@/lib/domain/version-name';

/** How many services' images are kept. */
const KEPT = 5_000;
/** How long a service revision that could not be read is left alone. */
const FAILED_FOR_MS = 30_000;

/**
 * What names the running versions until their definitions are read: images as service revisions tell them, twenty a
 * call, where a definition takes a call of its own. They tell neither who registered a revision nor its tags.
 */
export type Glimpses = {
  /** `null` where nothing was seen, or it does not tell which container names the version. */
  known(target: Target, service: Service): NamedRevision | null;
  /**
   * Looks at those of these services that were not seen, in this order; resolves once that is done.
   *
   * @param isAll - Whether no more services follow soon, so that what is left over is worth a call too.
   */
  look(target: Target, services: readonly Service[], isAll: boolean): Promise<void>;
};

/** The glimpses of a process. */
export function createGlimpses({ reader }: Pick<Aws, 'reader'>, now: () => number = Date.now): Glimpses {
  const seen = new LRUCache<string, { readonly images: RunningImages; named?: NamedRevision | null }>({ max: KEPT });
  const failed = new LRUCache<string, number>({ max: KEPT });
  const underWay = new Map<string, Promise<void>>();

  const read = async (target: Target, arns: readonly string[]): Promise<void> => {
    const images = await reader(target).runningImages(arns, { priority: 'page' });
    for (const arn of arns) {
      const one = images.ok ? images.value.get(arn) : undefined;
      if (one !== undefined) seen.set(arn, { images: one });
      // Spread out, so that what failed together is not tried together.
      else failed.set(arn, now() + FAILED_FOR_MS * (0.5 + Math.random()));
    }
  };
  const isWorthIt = (arn: string): boolean =>
    !seen.has(arn) && !underWay.has(arn) && now() >= (failed.get(arn) ?? Number.NEGATIVE_INFINITY);

  return {
    known: (target, service) => {
      const arn = onlyRevisionOf(service);
      const one = arn === null ? undefined : seen.get(arn);
      if (one === undefined) return null;
      // A service revision never changes, and belongs to one service.
      one.named ??= namedBy(one.images, service, target);
      return one.named;
    },
    async look(target, services, isAll) {
      const arns = [...new Set(services.flatMap((service) => onlyRevisionOf(service) ?? []))];
      const wanted = arns.filter(isWorthIt);
      const count = isAll ? wanted.length : wanted.length - (wanted.length % GROUP);
      for (let first = 0; first < count; first += GROUP) {
        const group = wanted.slice(first, Math.min(count, first + GROUP));
        const reading = read(target, group).finally(() => {
          for (const arn of group) underWay.delete(arn);
        });
        for (const arn of group) underWay.set(arn, reading);
      }
      await Promise.all(arns.map((arn) => underWay.get(arn)));
    },
  };
}

/** The service revision everything of a service runs; while one replaces another there are two. */
const onlyRevisionOf = ({ serviceRevisionArns: [arn, ...others] }: Service): string | null =>
  arn === undefined || others.length > 0 ? null : arn;

/** The revision as far as its images name it. ECS does not say in which order these come. */
function namedBy(seen: RunningImages, service: Service, target: Target): NamedRevision | null {
  const { taskDefinitionArn: arn, images } = seen;
  if (arn !== service.taskDefinitionArn) return null;
  const family = familyOf(arn);
  const containers = images.map(({ container: name, image }) => ({ name, image }));
  const shown = { family, containerDefinitions: containers };
  const configured = settingOf(target, placeOf(service), 'mainContainer');
  const backwards = { family, containerDefinitions: [...containers].reverse() };
  const [main, other] = [shown, backwards].map((one) => mainContainerOf({ shown: one, service, configured }));
  return main?.name === other?.name ? { arn, family, number: revisionNumber(arn), shown, tags: [] } : null;
}
