import 'server-only';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Access, createAccess, installAccess } from '@/lib/auth/access';
import { type Aws, createAws } from '@/lib/aws/clients';
import { type Deadline, deadlineAfter } from '@/lib/aws/deadline';
import { configurationPlace, type Environment, environment as readEnvironment } from '@/lib/config/environment';
import { resolved } from '@/lib/config/resolved';
import { type Configuration, readConfiguration } from '@/lib/config/targets';
import { type Database, openDatabase } from '@/lib/db/database';
import { prepareDatabase } from '@/lib/db/prepare';
import { readOnceIn } from '@/lib/db/read-once';
import { takesWrites } from '@/lib/db/ready';
import { createRefusals, type Refusals } from '@/lib/db/refusals';
import { sessionsIn } from '@/lib/db/sessions';
import { createStories, type Stories } from '@/lib/db/stories';
import { createUpkeep, type Upkeep } from '@/lib/db/upkeep';
import { type Keys, keysFrom } from '@/lib/digest';
import type { Target } from '@/lib/domain/target';
import { createLog, type Log } from '@/lib/log';
import { createReads, type Reads } from '@/lib/queries/reads';
import { createRowPasts, type RowPasts } from '@/lib/queries/row-past';
import { fail, ok, type Result } from '@/lib/result';
import { createKeeper, type Keeper } from '@/lib/rollback/keeper';
import { createStarter, type Starter } from '@/lib/rollback/starter';

/** Time, as far as a use case needs it. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  deadline(ms: number): Deadline;
};

/** Everything a use case may need. One per process. */
export type Application = Clock & {
  readonly environment: Environment;
  readonly configuration: Configuration;
  readonly keys: Keys;
  readonly log: Log;
  readonly database: Database;
  readonly aws: Aws;
  readonly access: Access;
  /** Reads shared between viewers; none of them decides a write. */
  readonly reads: Reads;
  /** What overviews tell of the past of services. */
  readonly rowPasts: RowPasts;
  /** What is told of rollbacks. */
  readonly stories: Stories;
  readonly starter: Starter;
  readonly keeper: Keeper;
  readonly upkeep: Upkeep;
  readonly refusals: Refusals;
  /** This process, as leases name it. */
  readonly owner: string;
  /** A configured target by name. */
  target(name: string): Target | null;
  /** Whether requests should come here: able to write to the database, and not about to end. */
  ready(): Promise<boolean>;
};

/** What an application is put together from. */
export type Parts = Pick<Application, 'environment' | 'configuration' | 'keys' | 'log' | 'database' | 'aws'> & {
  readonly clock: Clock;
};

/** What the process needs to hear of its application at start and end. */
export type Started = { readonly environment: Environment; readonly log: Log; stop(): Promise<void> };

const PLACE = Symbol.for('ecs-rollback.application');
type Place = { [PLACE]?: Application };

/**
 * The application of this process. It hangs on the global object, because the framework loads start-up and routes as
 * separate module graphs and there must be one starter and one keeper.
 *
 * @throws Error before {@link startApplication} has finished.
 */
export function application(): Application {
  const started = (globalThis as Place)[PLACE];
  if (started === undefined) throw new Error('the application has not started');
  return started;
}

/** Builds the application, brings the database up to date and begins to keep rollbacks; or says every reason why not. */
export async function startApplication(): Promise<Result<Started, readonly string[]>> {
  const environment = readEnvironment();
  const configuration = readConfiguration(configurationPlace());
  if (!environment.ok || !configuration.ok) return fail([...mistakesOf(environment), ...mistakesOf(configuration)]);
  const log = createLog(environment.value.logLevel);
  const database = openDatabase(environment.value.databaseUrl, (error) => log('database.failed', { error }));
  const unfit = await prepareDatabase(environment.value, { database, migrations: MIGRATIONS, log });
  if (unfit !== null) return fail([unfit]);
  const built = build(environment.value, configuration.value, { log, database });
  (globalThis as Place)[PLACE] = built;
  installAccess(built.access);
  built.keeper.begin();
  built.upkeep.begin();
  log('start.ready', resolved(environment.value, configuration.value));
  return ok({ environment: environment.value, log, stop: () => stop(built) });
}

const mistakesOf = (read: Result<unknown, readonly string[]>): readonly string[] => (read.ok ? [] : read.error);

/** Beside the process: the checkout, or the folder a build is started in. */
const MIGRATIONS = join(process.cwd(), 'lib/db/migrations');

type Base = { readonly log: Log; readonly database: Database };

const REAL_CLOCK: Clock = {
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  deadline: deadlineAfter,
};

function build(environment: Environment, configuration: Configuration, base: Base): Application {
  const keys = keysFrom(environment.secret);
  const { targets, replicas, showValuesOf } = configuration;
  const { fingerprint } = keys;
  const aws = createAws({
    targets,
    replicas,
    fingerprint,
    showValuesOf: new Set(showValuesOf),
    memory: readOnceIn(base.database),
    log: base.log,
  });
  return compose({ ...base, environment, configuration, keys, aws, clock: REAL_CLOCK });
}

/**
 * Puts the parts of one process together: starter, keeper, access and what else is made of them. Nothing begins by itself.
 *
 * Several may stand in one process, each a replica of its own to the others.
 */
export function compose(parts: Parts): Application {
  const { environment, configuration, keys, log, database, aws, clock } = parts;
  const targets = new Map(configuration.targets.map((target) => [target.name, target]));
  const sessions = sessionsIn(database, {
    keys,
    log,
    limits: { maxSeconds: environment.sessionMaxSeconds, idleSeconds: environment.sessionIdleSeconds },
  });
  const access = createAccess({
    baseUrl: environment.baseUrl,
    cookieSecret: keys.cookieSecret,
    maxSeconds: environment.sessionMaxSeconds,
    idleSeconds: environment.sessionIdleSeconds,
    provider: { ...environment.oidc, groups: configuration.groups },
    targets: configuration.targets,
    pipelines: configuration.holdTokens,
    sessions,
    log,
  });
  const composed: Application = {
    ...clock,
    environment,
    configuration,
    keys,
    log,
    database,
    aws,
    access,
    reads: createReads({
      aws,
      kept: readOnceIn(database),
      replicas: configuration.replicas,
      targetOf: (name) => targets.get(name) ?? null,
    }),
    rowPasts: createRowPasts(() => composed),
    stories: createStories(database),
    starter: createStarter(() => composed),
    keeper: createKeeper(() => composed),
    upkeep: createUpkeep({ database, sessions, log, now: clock.now }),
    refusals: createRefusals({ database, log }),
    owner: randomUUID(),
    target: (name) => targets.get(name) ?? null,
    ready: () => isReady(composed),
  };
  return composed;
}

const READY_WITHIN_MS = 2_000;

const isReady = async ({ starter, database }: Application): Promise<boolean> =>
  !starter.closing() && (await takesWrites(database, READY_WITHIN_MS));

/** Lets presses under way finish, gives the leases to others and closes. */
async function stop({ starter, keeper, upkeep, refusals, aws, database }: Application): Promise<void> {
  await starter.close();
  await Promise.all([keeper.end(), upkeep.end(), refusals.end()]);
  aws.close();
  await database.close();
}
