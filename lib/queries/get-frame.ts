import 'server-only';
import type { Application } from '@/lib/application';
import { listActive } from '@/lib/db/rollbacks';
import { may, type Principal, type SignedInUntil } from '@/lib/domain/permissions';
import { type Running, together } from './running';

/** What the frame of every signed-in page shows. */
export type Frame = {
  readonly company: string | null;
  readonly runbookUrl: string | null;
  readonly who: { readonly name: string; readonly email: string | null };
  /** Active rollbacks in targets this person may look at; those of one press are one. */
  readonly running: readonly Running[];
  readonly version: string;
  /** Endpoint that stands in for AWS's own; null where none does. */
  readonly endpointOverride: string | null;
  readonly until: SignedInUntil;
  readonly now: number;
};

/** Version of the product, as its package names it. */
const VERSION = '0.1.0';

/** What the frame shows; rollbacks are left out while the database does not answer. */
export async function getFrame(principal: Principal, application: Application): Promise<Frame> {
  const { configuration, environment, database } = application;
  const targets = configuration.targets.map(({ name }) => name).filter((name) => may(principal, 'look', name));
  const running = await listActive(database, targets).catch(() => []);
  return {
    company: configuration.company,
    runbookUrl: configuration.runbookUrl,
    who: { name: principal.name, email: principal.email },
    running: together(running.filter((rollback) => may(principal, 'look', rollback.target, rollback))),
    version: VERSION,
    endpointOverride: Object.values(environment.awsEndpoints)[0] ?? null,
    until: principal.until,
    now: application.now(),
  };
}
