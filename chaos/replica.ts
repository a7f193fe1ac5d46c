import { type Application, compose } from '@/lib/application';
import { type Aws, createAws, type Reader } from '@/lib/aws/clients';
import { deadlineAfter } from '@/lib/aws/deadline';
import type { Writer } from '@/lib/aws/ecs-writes';
import type { Timeouts } from '@/lib/aws/limits';
import type { Environment } from '@/lib/config/environment';
import type { Configuration } from '@/lib/config/targets';
import type { Database } from '@/lib/db/database';
import { keys, silent } from '@/lib/db/pressing';
import type { Target } from '@/lib/domain/target';
import { ACCOUNT, CLUSTER, EXTERNAL_ID } from './aws';
import type { Gate, Process } from './gate';

/** What happens to the next transaction of a process. */
export type DatabaseFault =
  /** It fails, and changed nothing. */
  | 'fails'
  /** It is committed, and nobody hears of it. */
  | 'unheard';

/** A dashboard without pages: the real application, whose every call to AWS and database passes a gate. */
export type Replica = {
  readonly process: Process;
  readonly application: Application;
  /** Faults of its next transactions, in order. */
  readonly databaseFaults: DatabaseFault[];
  /** Looks at rollbacks once, as it does every five seconds. */
  look(): void;
};

export const TARGET: Target = {
  name: 'production',
  account: ACCOUNT,
  region: 'eu-west-1',
  readerRole: `arn:aws:iam::${ACCOUNT}:role/ecs-rollback-reader`,
  writerRole: `arn:aws:iam::${ACCOUNT}:role/ecs-rollback-writer`,
  externalId: EXTERNAL_ID,
  clusters: [CLUSTER],
  protected: true,
  colour: 'red',
  pipelineUrl: null,
  operators: ['rollback-operators'],
  viewers: [],
  services: [],
};

const CONFIGURATION: Configuration = {
  company: null,
  runbookUrl: null,
  ownersContact: null,
  replicas: 1,
  groups: { claim: 'groups', from: 'id-token' },
  lastKnownGoodMinutes: 60,
  oldVersionDays: 30,
  showValuesOf: [],
  holdTokens: [],
  targets: [TARGET],
};

const NOWHERE = 'http://127.0.0.1:9';
const ENVIRONMENT: Environment = {
  configFile: null,
  baseUrl: 'http://localhost:3000',
  secret: 'a secret of at least thirty-two bytes',
  databaseUrl: '',
  migrationDatabaseUrl: '',
  oidc: { issuer: NOWHERE, clientId: 'ecs-rollback', clientSecret: 'unused' },
  port: 3000,
  hostname: null,
  logLevel: 'silent',
  sessionMaxSeconds: 28_800,
  sessionIdleSeconds: 1_800,
  awsRegion: null,
  awsEndpoints: {},
};

/** Long enough for a busy machine, short enough to wait for. */
const TIMEOUTS: Timeouts = { connectMs: 1_000, answerMs: 1_500, readCallMs: 5_000, writeCallMs: 2_000 };

/** So many calls that our own limit holds up none: it has tests of its own. */
const UNLIMITED = 0.01;

/** What is told of looks at a service, when AWS answers. */
export type Watching = { readonly looked: (process: Process, service: string) => void };

/** Builds a replica on a pool of its own. */
export function buildReplica(name: string, pool: Database, gate: Gate, watching: Watching): Replica {
  const process: Process = { name, alive: true, stopped: false };
  const databaseFaults: DatabaseFault[] = [];
  const aws = createAws({
    targets: [TARGET],
    replicas: UNLIMITED,
    fingerprint: keys.fingerprint,
    showValuesOf: new Set(),
    log: silent,
    timeouts: TIMEOUTS,
  });
  const through = <T>(label: string, act: () => Promise<T>): Promise<T> => gate.through(process, label, act);
  const application = compose({
    environment: ENVIRONMENT,
    configuration: CONFIGURATION,
    keys,
    log: silent,
    database: gatedDatabase(pool, through, databaseFaults),
    aws: gatedAws(aws, through, (service) => watching.looked(process, service)),
    clock: {
      now: () => Date.now(),
      deadline: deadlineAfter,
      sleep: (ms) => through(`sleeps ${ms} ms`, async () => undefined),
    },
  });
  return { process, application, databaseFaults, look: () => application.keeper.wake() };
}

type Through = <T>(label: string, act: () => Promise<T>) => Promise<T>;

function gatedDatabase(pool: Database, through: Through, faults: DatabaseFault[]): Database {
  const faulty = async <T>(act: () => Promise<T>): Promise<T> => {
    const fault = faults.shift();
    if (fault === 'fails') throw new Error('Connection terminated unexpectedly');
    const value = await act();
    if (fault === 'unheard') throw new Error('Query read timeout');
    return value;
  };
  return {
    query: (sql, values) => through(labelOf(sql), () => faulty(() => pool.query(sql, values))),
    transaction: (work, options) => through('transaction', () => faulty(() => pool.transaction(work, options))),
    close: () => pool.close(),
  };
}

const labelOf = (sql: string): string => sql.trim().replace(/\s+/g, ' ').slice(0, 40);

function gatedAws(aws: Aws, through: Through, looked: (service: string) => void): Aws {
  const reader = gatedMembers(aws.reader(TARGET), through);
  const looking: Reader = {
    ...reader,
    describeServices: (cluster, names, options) =>
      through(`describeServices ${names.join()}`, () => {
        for (const name of names) looked(name);
        return aws.reader(TARGET).describeServices(cluster, names, options);
      }),
  };
  const writers = new Map<string, Writer>();
  return {
    ...aws,
    reader: () => looking,
    registry: (target) => gatedMembers(aws.registry(target), through),
    dependencies: (target) => gatedMembers(aws.dependencies(target), through),
    writer: (request) =>
      through(`writer ${request.rollbackId}`, async () => {
        const writer = await aws.writer(request);
        if (!writer.ok) return writer;
        const gated = gatedMembers(writer.value, through);
        writers.set(request.rollbackId, gated);
        return { ok: true, value: gated };
      }),
    writerOf: (id) => {
      const writer = writers.get(id);
      if (writer === undefined) throw new Error(`no writer of ${id}`);
      return writer;
    },
  };
}

type Members = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** The same members, each of whose calls passes the gate. */
function gatedMembers<T extends object>(members: T, through: Through): T {
  const gated = Object.entries(members as Members).map(([name, call]) => [
    name,
    (...args: never[]) => through(name, () => call(...args)),
  ]);
  return Object.fromEntries(gated) as T;
}
