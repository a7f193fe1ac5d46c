import type { Application } from '@/lib/application';
import { ranDigests, runningDigests } from '@/lib/domain/history';
import { type RanVersion, toldApart, versionRan } from '@/lib/domain/ran-versions';
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

type Naming = Pick<ServiceContext, 'target' | 'service' | 'known'>;

/**
 * Names a revision with the digests it ran with, as far as they are known.
 *
 * @param version - Which version of the revision is meant, where it ran with different images.
 */
export function nameRevision(
  { target, service, known }: Naming,
  revision: NamedRevision,
  version: RanVersion | null = null,
): Version {
  const { deployments, past } = known;
  const ran = version?.digests ?? new Map();
  const digests = ran.size > 0 ? ran : ranDigests({ arn: revision.arn, ran: null, deployments, past });
  return toldApart(versionOf({ revision, digests, service, target, past }), version);
}

/** The version that runs: its revision with the images that run. */
export const runningVersion = ({ service, known }: Naming): RanVersion | null =>
  versionRan(
    known.history,
    service.taskDefinitionArn,
    runningDigests(service.taskDefinitionArn, known.deployments, known.past),
  );
