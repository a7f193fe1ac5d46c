import type { Change } from '@/lib/domain/change';
import type { Finding } from '@/lib/domain/checks/finding';
import type { CheckName } from '@/lib/domain/checks/run-checks';
import { CLI_THAT_STOPS, cliFor } from '@/lib/domain/cli-version';
import type { Wish } from '@/lib/domain/facts';
import type { Plan } from '@/lib/domain/plan-shape';
import { primaryOf } from '@/lib/domain/service';
import type { Version } from '@/lib/domain/version';

/** A version as a stored plan remembers it. */
export type StoredVersion = {
  readonly arn: string;
  readonly revision: string;
  readonly name: string;
  readonly tag: string | null;
  readonly digests: Readonly<Record<string, string>>;
};

/** The group a plan was drawn with. */
export type PlanGroup = {
  /** One for everything that one page showed: plans of two pages are not pressed together. */
  readonly drawing: string;
  /** `repository:tag` left, and the tag returned to. */
  readonly image: string;
  readonly to: string;
  /** Group rollback that is undone. */
  readonly undoes: string | null;
  /** Whether the service is load balanced, so that it may go before the rest. */
  readonly balanced: boolean;
};

/** What a plan row keeps of a plan: everything that was shown, and no values. It never changes. */
export type PlanBody = {
  readonly kind: 'copy' | 'stop';
  readonly target: string;
  readonly account: string | null;
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
  readonly serviceArn: string;
  readonly protected: boolean;
  readonly wish: Wish;
  readonly from: StoredVersion;
  readonly to: StoredVersion;
  readonly forward: boolean;
  readonly undo: string | null;
  readonly bring: 'images' | 'everything';
  readonly copiedFrom: string;
  readonly family: string;
  readonly sourceArn: string | null;
  readonly images: Readonly<Record<string, string>>;
  readonly stopArn: string | null;
  /** AWS CLI the commands by hand need: `AWS CLI 2.22.1 or newer`. */
  readonly cli: string;
  /** PRIMARY deployment when the plan was drawn. */
  readonly primaryId: string | null;
  /** Ids of all deployments the service listed then. */
  readonly earlier: readonly string[];
  /** Registration of what ran then, as AWS names who did it. */
  readonly registeredBy: string | null;
  readonly desiredCount: number;
  readonly steps: readonly string[];
  readonly notes: readonly string[];
  readonly changes: readonly Change[];
  readonly findings: readonly (readonly [CheckName, Finding])[];
  readonly usualMs: number | null;
  /** Milliseconds since 1970. */
  readonly readAt: number;
  /** Left out of a plan for one service alone. */
  readonly group?: PlanGroup;
};

const stored = ({ taskDefinitionArn, revision, name, tag, digests }: Version): StoredVersion => ({
  arn: taskDefinitionArn,
  revision,
  name,
  tag,
  digests: Object.fromEntries(digests),
});

/** The plan as it is kept. */
export function bodyOf(plan: Plan, wish: Wish, group?: PlanGroup): PlanBody {
  const { target, service } = plan;
  return {
    kind: plan.kind,
    target: target.name,
    account: target.account,
    region: target.region,
    cluster: service.clusterName,
    service: service.name,
    serviceArn: service.arn,
    protected: target.protected,
    wish,
    from: stored(plan.from),
    to: stored(plan.to),
    forward: plan.forward,
    undo: plan.undo,
    bring: plan.bring,
    copiedFrom: plan.copiedFrom,
    family: plan.source?.family ?? plan.to.revision.split(':')[0] ?? '',
    sourceArn: plan.source?.arn ?? null,
    images: Object.fromEntries(plan.images),
    stopArn: plan.stopArn,
    cli: plan.kind === 'stop' ? CLI_THAT_STOPS : cliFor(plan.draft.shown),
    primaryId: primaryOf(service)?.id ?? null,
    earlier: service.deployments.map(({ id }) => id),
    registeredBy: plan.facts.running.ok ? plan.facts.running.value.registeredBy : null,
    desiredCount: service.desiredCount,
    steps: plan.steps,
    notes: plan.notes,
    changes: plan.changes,
    findings: [...plan.findings],
    usualMs: plan.usualMs,
    readAt: plan.readAt,
    ...(group !== undefined && { group }),
  };
}
