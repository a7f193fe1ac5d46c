import 'server-only';
import type { Application } from '@/lib/application';
import { revisionName } from '@/lib/domain/arn';
import { registeredBy } from '@/lib/domain/registered-by';
import type { Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { versionOf } from '@/lib/domain/version-name';

/** A version somebody else deployed, as the record names it for ever. `by` is who registered it, where that is known. */
export type NamedVersion = { readonly revision: string; readonly name: string; readonly by: string | null };

/** Whose version is named. */
export type NameQuestion = {
  readonly target: Target;
  readonly service: Pick<Service, 'name' | 'clusterName' | 'loadBalancers'>;
  readonly arn: string;
};

/** Names a revision for words alone; where it cannot be read, its number must do. */
export async function nameVersion({ target, service, arn }: NameQuestion, { aws }: Application): Promise<NamedVersion> {
  const revision = await aws.reader(target).describeRevision(arn, { priority: 'rollback' });
  if (!revision.ok) return { revision: revisionName(arn), name: revisionName(arn), by: null };
  const { tag, name } = versionOf({ revision: revision.value, digests: new Map(), service, target, past: [] });
  return { revision: revisionName(arn), name: tag ?? name, by: registeredBy(revision.value.registeredBy) };
}
