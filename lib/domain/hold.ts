import { parseImage } from '@/lib/domain/image';
import type { Service } from '@/lib/domain/service';
import { formatTime } from '@/lib/domain/time-words';

/** What a hold is about: one service, or every service that runs images of a repository. */
export type HoldScope =
  | { readonly kind: 'service'; readonly cluster: string; readonly service: string }
  | { readonly kind: 'repository'; readonly repository: string };

/** That deployments are not wanted. Times are milliseconds since 1970. */
export type Hold = {
  readonly id: string;
  readonly target: string;
  readonly scope: HoldScope;
  readonly reason: string;
  readonly by: string;
  readonly since: number;
  readonly until: number;
  /** The rollback it was made with, of one service or of several, and the versions that left and brought. */
  readonly rollbackId: string | null;
  readonly groupRollbackId: string | null;
  readonly rolledBack: { readonly from: string; readonly to: string } | null;
};

/** A pipeline that asked, and when. */
export type Asked = { readonly pipeline: string; readonly at: number };

const HOUR_MS = 3_600_000;

/** How long a hold may be asked for, in hours from now. */
export const HOLD_HOURS = [1, 4, 24, 72, 168] as const;

/** How long one made with a rollback lasts. */
export const HOLD_WITH_ROLLBACK_HOURS = 24;

/** A pipeline that asked so lately will ask again. */
const ASKS_WITHIN_MS = 7 * 24 * HOUR_MS;

/** Whether the box on a plan is ticked beforehand: where it matters most, and somebody will ask. */
export const holdsByDefault = (isProtected: boolean, asked: Asked | null, now: number): boolean =>
  isProtected && asked !== null && now - asked.at < ASKS_WITHIN_MS;

/** `24 h`, `3 days`. */
export const hoursWords = (hours: number): string => (hours <= 24 ? `${hours} h` : `${hours / 24} days`);

/** The repository of an image reference, without registry, tag or digest. */
export const repositoryOf = (image: string): string => parseImage(image).repository;

/** A service, and the repository its main container runs images of, where that is known. */
export type HeldPlace = {
  readonly target: string;
  readonly cluster: Service['clusterName'];
  readonly service: string;
  readonly repository: string | null;
};

/** Whether a hold is about a service. */
export function holds({ target, scope }: Hold, place: HeldPlace): boolean {
  if (target !== place.target) return false;
  return scope.kind === 'service'
    ? scope.cluster === place.cluster && scope.service === place.service
    : scope.repository === place.repository;
}

/** `api`, `every service that runs notifications-api`. */
export const aboutWords = (scope: HoldScope): string =>
  scope.kind === 'service' ? scope.service : `every service that runs ${scope.repository}`;

/** `Deployments of api are on hold until 24 Nov 02:58 UTC (k.smith: Errors after release).` */
export function holdSentence({ scope, until, by, reason }: Hold, now: number): string {
  return `Deployments of ${aboutWords(scope)} are on hold until ${formatTime(until, now)} (${by}: ${reason.replace(/[.\s]+$/, '')}).`;
}

/** Who would heed a hold. */
export function askedSentence(service: string, asked: Asked | null, now: number): string {
  return asked === null
    ? `No pipeline has asked about ${service}. A hold will stop nothing: pause the pipeline by hand.`
    : `${asked.pipeline} last asked at ${formatTime(asked.at, now)}.`;
}
