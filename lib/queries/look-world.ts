import 'server-only';
import type { Application } from '@/lib/application';
import { createAws } from '@/lib/aws/clients';
import { heldClock } from '@/lib/aws/held-clock';
import type { Database } from '@/lib/db/database';
import { keys, silent } from '@/lib/db/pressing';
import { readOnceIn } from '@/lib/db/read-once';
import type { Principal } from '@/lib/domain/permissions';
import type { Target } from '@/lib/domain/target';
import { createReads } from './reads';
import { createRowPasts } from './row-past';

/** What tests of looking look with: the real thing but for pages and the wire to AWS. */

/** One of the demo's targets. */
export const targetOf = (name: string, account: string): Target => ({
  name,
  account,
  region: 'eu-west-1',
  readerRole: `arn:aws:iam::${account}:role/ecs-rollback-reader`,
  writerRole: `arn:aws:iam::${account}:role/ecs-rollback-writer`,
  externalId: null,
  clusters: null,
  protected: name === 'production',
  colour: 'red',
  pipelineUrl: null,
  operators: ['rollback-operators'],
  viewers: [],
  services: [],
});

export const PRODUCTION = targetOf('production', '111111111111');
export const STAGING = targetOf('staging', '222222222222');
export const PREVIEW = targetOf('preview', '333333333333');

/** Somebody who may look at everything in these targets and roll it back. */
export const operatorOf = (targets: readonly Target[]): Principal =>
  ({
    issuer: 'https://login.test',
    subject: 'k.smith',
    name: 'K Smith',
    email: null,
    sessionId: 'f'.repeat(64),
    groups: [],
    groupsAt: 0,
    roles: new Map(targets.map(({ name }) => [name, 'operator'])),
  }) as unknown as Principal;

/** A dashboard without pages, the time its answers age by, and how it is closed. */
export type LookWorld = {
  readonly application: Application;
  readonly clock: ReturnType<typeof heldClock>;
  close(): void;
};

/** A budget so wide that no test waits for it: as if a process had a hundred times its share. */
export const NO_WAITING = 1 / 100;

type Wishes = { readonly targets: readonly Target[]; readonly replicas?: number };

/** Builds one process. The SDK finds AWS, or what stands in for it, by its own variable. */
export function lookWorld(database: Database, { targets, replicas = NO_WAITING }: Wishes): LookWorld {
  const kept = readOnceIn(database);
  const clock = heldClock(Date.now());
  const aws = createAws({
    targets,
    replicas,
    fingerprint: keys.fingerprint,
    showValuesOf: new Set(),
    memory: kept,
    log: silent,
  });
  const find = (name: string): Target | null => targets.find((target) => target.name === name) ?? null;
  const application = {
    aws,
    database,
    log: silent,
    reads: createReads({ aws, kept, replicas: 1, targetOf: find, clock }),
    rowPasts: createRowPasts(() => application),
    configuration: { targets, replicas: 1, oldVersionDays: 30, lastKnownGoodMinutes: 60 },
    target: find,
    now: Date.now,
  } as unknown as Application;
  return { application, clock, close: aws.close };
}
