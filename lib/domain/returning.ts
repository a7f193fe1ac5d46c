import type { ServiceDeployment } from '@/lib/domain/service';

/** A return that is under way: the deployment that is left, and the one ECS goes back to where that is certain. */
export type Return = { readonly left: ServiceDeployment; readonly to: ServiceDeployment | null };

const UNDER_WAY = new Set(['PENDING', 'IN_PROGRESS', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']);
const RETURNING = new Set(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']);

/**
 * The return ECS is making; `null` where it makes none, or where a newer deployment has begun since.
 *
 * @param deployments - Newest first.
 */
export function returnUnderWay(deployments: readonly ServiceDeployment[]): Return | null {
  const left = deployments.find(({ status }) => UNDER_WAY.has(status));
  if (left === undefined || !RETURNING.has(left.status)) return null;
  const [source, ...others] = left.sourceServiceRevisionArns;
  const arn = left.returnsToArn ?? (others.length > 0 ? undefined : source);
  const to = deployments.find(
    ({ serviceRevisionArn, taskDefinitionArn }) => serviceRevisionArn === arn && taskDefinitionArn !== null,
  );
  return { left, to: to ?? null };
}

/**
 * What ECS is doing, without a full stop.
 *
 * @param to - Name of what it returns to, as far as that is certain.
 */
export const returningWords = ({ left }: Return, service: string, to: string | null): string =>
  `ECS is already returning ${service} to ${to ?? 'an earlier version'}${left.returnedBy === 'somebody' ? ', because somebody stopped the deployment' : ' by itself'}`;
