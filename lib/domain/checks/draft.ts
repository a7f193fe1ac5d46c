import type { Change } from '@/lib/domain/change';
import type { Fact } from '@/lib/domain/facts';
import type { History } from '@/lib/domain/history';
import type { Pin } from '@/lib/domain/pins';
import type { ServiceDeployment } from '@/lib/domain/service';
import type { Revision, ShownDefinition } from '@/lib/domain/task-definition';
import type { Version } from '@/lib/domain/version';

/** The rollback as it would be: what checks judge, beside the facts. */
export type Draft = {
  readonly kind: 'copy' | 'stop';
  readonly from: Version;
  readonly to: Version;
  /** Revision that is copied; `null` for a stop. */
  readonly source: Revision | null;
  /** The definition that would result, images as they would be registered. */
  readonly shown: ShownDefinition;
  /** How each container's image would be fixed. */
  readonly pins: readonly Pin[];
  /** What would differ from what runs now. */
  readonly changes: readonly Change[];
  readonly history: Fact<History>;
  /** Deployment a stop names; `null` for a copy, or where it is not known. */
  readonly stopped: ServiceDeployment | null;
};
