import 'server-only';
import pLimit from 'p-limit';
import type { Application } from '@/lib/application';
import { NO_PAST, type ServicePast, servicePasts } from '@/lib/db/service-past';
import { revisionName } from '@/lib/domain/arn';
import { isForward } from '@/lib/domain/direction';
import type { Run } from '@/lib/domain/history';
import { broughtBy, type PastRollback } from '@/lib/domain/past-rollback';
import { primaryOf, type Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { formatDuration } from '@/lib/domain/time-words';
import { versionOf } from '@/lib/domain/version-name';
import { type GoodVersion, judged, type OwnPast, UNKNOWN_PAST } from './good-version';

/** What an overview tells of a service's past. */
export type RowPast = {
  /** What ran before and for how long: `release-1119 for 6 d 3 h`. */
  readonly was: string | null;
  readonly sameVersionRestarted: boolean;
  /** Where a plan to return leads, as its address says it; `null` where no version is the last known good. */
  readonly lastKnownGood: { readonly to: string; readonly ran: string | null; readonly forward: boolean } | null;
  /** The rollback of ours that brought what runs. */
  readonly ours: PastRollback | null;
  readonly past: readonly PastRollback[];
};

/** Pasts of services as one sweep read them: found out once for all who look, in the background. */
export type RowPasts = {
  /** `null` while it is not found out. */
  known(service: Service): RowPast | null;
  /** Finds out those of these services, in this order; resolves once that is done. One run of a target at a time. */
  fill(target: Target, services: readonly Service[]): Promise<void>;
};

type World = Pick<Application, 'reads' | 'database' | 'configuration' | 'now'>;

/** Services whose pasts are found out together, and how many such groups at once. */
const TOGETHER = 10;
const GROUPS_AT_ONCE = 2;

/** The pasts a process has found out. */
export function createRowPasts(application: () => World): RowPasts {
  const pasts = new WeakMap<Service, RowPast>();
  const filling = new Map<string, Promise<void>>();

  const fillGroup = async (target: Target, services: readonly Service[]): Promise<void> => {
    const { reads, database } = application();
    const arns = services.map(({ arn }) => arn);
    const [deployments, own] = await Promise.all([
      reads.recent.read(target, services),
      servicePasts(database, arns).catch(() => null),
    ]);
    await Promise.all(
      services.map(async (service) => {
        const fact = deployments.get(service.arn);
        if (fact === undefined) return;
        const question = { target, service, deployments: fact, own: ownOf(own, service) };
        const good = await judged({ ...question, waitMs: LONG_MS, priority: 'background' }, application());
        pasts.set(service, await rowPast(target, service, good, application()));
      }),
    );
  };
  return {
    known: (service) => pasts.get(service) ?? null,
    fill: (target, services) => {
      const open = filling.get(target.name);
      const unknown = services.filter((service) => !pasts.has(service));
      if (open !== undefined || unknown.length === 0) return open ?? Promise.resolve();
      const limit = pLimit(GROUPS_AT_ONCE);
      const filled = Promise.all(
        inGroups(unknown, TOGETHER).map((group) => limit(() => fillGroup(target, group))),
      ).then(() => undefined);
      const ended = filled.finally(() => filling.delete(target.name));
      filling.set(target.name, ended);
      return ended;
    },
  };
}

const ownOf = (own: ReadonlyMap<string, ServicePast> | null, { arn }: Service): OwnPast =>
  own === null ? UNKNOWN_PAST : { ...(own.get(arn) ?? NO_PAST), recordKnown: true };

const inGroups = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Nobody waits for what is found out in the background, but it must end. */
const LONG_MS = 60_000;

async function rowPast(target: Target, service: Service, known: GoodVersion, { reads }: World): Promise<RowPast> {
  const { before, past, history, deployments } = known;
  const summaries = before === null ? null : await reads.summaries(target, [before.arn], { priority: 'background' });
  const revision = before === null ? undefined : summaries?.get(before.arn);
  const named = revision?.ok
    ? versionOf({ revision: revision.value, digests: before?.digests ?? new Map(), service, target, past })
    : null;
  return {
    was: before === null || named === null ? null : `${named.tag ?? named.name} for ${formatDuration(before.ms)}`,
    sameVersionRestarted: deployments.ok && history.ok && isRestart(history.value.runs[0], service),
    // Without our record nobody knows what was rolled back from, so nothing is suggested beside a single link.
    lastKnownGood: known.recordKnown ? wayTo(service, known) : null,
    ours: broughtBy(past, service.taskDefinitionArn),
    past,
  };
}

function wayTo({ taskDefinitionArn: from }: Service, { good, past }: GoodVersion): RowPast['lastKnownGood'] {
  if (good === null) return null;
  const { arn: to, apart } = good.version;
  return { to: revisionName(to), ran: apart?.ran ?? null, forward: isForward(past, { from, to }) };
}

/** How much later ECS may say a deployment began than it was made. */
const SLACK_MS = 5_000;

/** Whether what was deployed last is the version that ran already. */
const isRestart = (newest: Run | undefined, service: Service): boolean =>
  newest?.outcome === 'successful' &&
  newest.ranAs === service.taskDefinitionArn &&
  newest.startedAt < (primaryOf(service)?.createdAt ?? 0) - SLACK_MS;
