import type { Application } from '@/lib/application';
import { ranDigests } from '@/lib/domain/history';
import type { Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import type { Version } from '@/lib/domain/version';
import { type NamedRevision, versionOf } from '@/lib/domain/version-name';
import type { GoodVersion } from '@/lib/queries/good-version';

/** One service with what is known of its past, as the parts of its page need it. */
export type ServiceContext = {
  readonly target: Target;
  readonly service: Service;
  readonly known: GoodVersion;
  readonly application: Application;
  readonly now: number;
  /** How long the page still waits for AWS, in milliseconds. */
  left(): number;
};

/**
 * Names a revision with the digests it ran with, as far as they are known.
 *
 * @param ran - Service revision that is meant; last part of its ARN.
 */
export function nameRevision(
  { target, service, known }: Pick<ServiceContext, 'target' | 'service' | 'known'>,
  revision: NamedRevision,
  ran: string | null = null,
): Version {
  const digests = ranDigests({ arn: revision.arn, ran, deployments: known.deployments, past: known.past });
  return versionOf({ revision, digests, service, target, past: known.past });
}
