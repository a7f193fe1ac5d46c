import type { Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { revisionName } from '@/lib/domain/arn';
import type { Draft } from '@/lib/domain/checks/draft';
import { bytesOfCopy } from '@/lib/domain/clone';
import type { Fact, ReadFailure, RegistryImage, RollbackFacts, Wish } from '@/lib/domain/facts';
import { historyOf } from '@/lib/domain/history';
import { maskDefinition } from '@/lib/domain/masking';
import { type Normalised, normalise } from '@/lib/domain/normalise';
import type { Mark, PastRollback } from '@/lib/domain/past-rollback';
import { Sealed } from '@/lib/domain/sealed';
import type { Deployment, Service, ServiceDeployment } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import type { Revision, ShownDefinition } from '@/lib/domain/task-definition';
import type { Version } from '@/lib/domain/version';
import { versionOf } from '@/lib/domain/version-name';
import { fail, ok } from '@/lib/result';
import { API } from './fixtures/families';

/** One valid value of each type, as the story of the product tells it, and named changes to it. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 23 Nov 2026 02:58:10 UTC: the engineer looks. */
export const NOW = Date.UTC(2026, 10, 23, 2, 58, 10);
/** 02:37 and 02:41 UTC: the bad release began, and was steady. */
const RELEASED = Date.UTC(2026, 10, 23, 2, 37);
const STEADY = Date.UTC(2026, 10, 23, 2, 41);

export const ACCOUNT = '111111111111';
const ECS = `arn:aws:ecs:eu-west-1:${ACCOUNT}`;

/** ARN of a revision by name: `api:421`. */
export const arnOf = (revision: string): string => `${ECS}:task-definition/${revision}`;

/** ARN of a service revision of `api`, by its last part. */
export const serviceRevisionArn = (id: string): string => `${ECS}:service-revision/notify/api/${id}`;

/** A digest that is told apart by its first characters. */
export const digestOf = (start: string): string => `sha256:${start.padEnd(64, '0')}`;

/** A print that gives a value away, so that a test sees where one would be printed. */
export const fingerprint = (text: string): string => `print-of-${text}`;

export const TARGET: Target = {
  name: 'production',
  account: ACCOUNT,
  region: 'eu-west-1',
  readerRole: null,
  writerRole: null,
  externalId: null,
  clusters: null,
  protected: true,
  colour: 'red',
  pipelineUrl: null,
  operators: ['rollback-operators'],
  viewers: ['rollback-viewers'],
  services: [{ pattern: 'api', mainContainer: 'app', checkUrl: null, operators: null, viewers: null }],
};

/** A definition as pages get it. */
export const shownOf = (definition: TaskDefinition): ShownDefinition =>
  maskDefinition(definition, fingerprint, new Set());

/** A definition made comparable. */
export const normalised = (definition: TaskDefinition): Normalised => normalise(shownOf(definition));

/** A revision as describing it gives it. */
export function revisionOf(
  definition: TaskDefinition,
  { tags = [], ...change }: Partial<Omit<Revision, 'tags'>> & { readonly tags?: readonly Tag[] } = {},
): Revision {
  return {
    arn: definition.taskDefinitionArn ?? '',
    family: definition.family ?? '',
    number: definition.revision ?? 0,
    status: definition.status ?? 'ACTIVE',
    registeredAt: definition.registeredAt?.getTime() ?? null,
    deregisteredAt: null,
    registeredBy: definition.registeredBy ?? null,
    tags: tags.map(({ key = '', value = '' }) => ({ key, value })),
    shown: shownOf(definition),
    original: new Sealed({ definition, tags }),
    unknownFields: [],
    bytes: bytesOfCopy(definition),
    ...change,
  };
}

/** Revision of the story's family: 421 or 428. */
export function apiDefinition(number: 421 | 428): TaskDefinition {
  const definition = API.find(({ revision }) => revision === number);
  if (definition === undefined) throw new Error(`no revision ${number}`);
  return definition;
}

/** The same definition as a later revision, as a copy or another release would be. */
export const asRevision = (definition: TaskDefinition, number: number): TaskDefinition => ({
  ...definition,
  revision: number,
  taskDefinitionArn: arnOf(`${definition.family}:${number}`),
});

export const deployment = (change: Partial<Deployment> = {}): Deployment => ({
  id: 'ecs-svc/428',
  status: 'PRIMARY',
  taskDefinitionArn: arnOf('api:428'),
  desiredCount: 6,
  pendingCount: 0,
  runningCount: 6,
  failedTasks: 0,
  createdAt: RELEASED,
  updatedAt: STEADY,
  rolloutState: 'COMPLETED',
  ...change,
});

export const service = (change: Partial<Service> = {}): Service => ({
  arn: `${ECS}:service/notify/api`,
  name: 'api',
  clusterArn: `${ECS}:cluster/notify`,
  clusterName: 'notify',
  status: 'ACTIVE',
  controller: 'ECS',
  resourceManagementType: null,
  schedulingStrategy: 'REPLICA',
  taskDefinitionArn: arnOf('api:428'),
  desiredCount: 6,
  runningCount: 6,
  pendingCount: 0,
  deployments: [deployment()],
  events: [],
  loadBalancers: [{ targetGroupArn: null, containerName: 'nginx', containerPort: 8080 }],
  serviceRegistries: [],
  connectPortNames: [],
  latticePortNames: [],
  launchType: 'FARGATE',
  capacityProviders: [],
  platformFamily: 'Linux',
  hasNetworkConfiguration: true,
  volumeNames: [],
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  strategy: 'ROLLING',
  bakeMinutes: 0,
  hookCount: 0,
  pauseCount: 0,
  circuitBreaker: { enabled: true, rollback: true },
  alarms: { enabled: false, rollback: false, names: [] },
  serviceRevisionArns: [],
  createdAt: NOW - 400 * DAY,
  ...change,
});

/** A service deployment of a revision that ended well within four minutes. */
export function serviceDeployment(
  revision: string | null,
  startedAt: number,
  change: Partial<ServiceDeployment> = {},
): ServiceDeployment {
  const id = `${revision ?? 'unread'}-${startedAt}`.replace(':', '-');
  return {
    arn: `${ECS}:service-deployment/notify/api/${id}`,
    status: 'SUCCESSFUL',
    statusReason: null,
    createdAt: startedAt,
    startedAt,
    finishedAt: startedAt + 4 * MINUTE,
    serviceRevisionArn: serviceRevisionArn(id),
    taskDefinitionArn: revision === null ? null : arnOf(revision),
    digests: revision === null ? new Map() : (DIGESTS.get(revision) ?? new Map()),
    sourceServiceRevisionArns: [],
    circuitBreaker: null,
    waitingForHook: false,
    returnedBy: null,
    returnsToArn: null,
    ...change,
  };
}

/** Digests the story's revisions ran with. */
export const DIGESTS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    'api:421',
    new Map([
      ['app', digestOf('aa1119')],
      ['nginx', digestOf('cc29')],
    ]),
  ],
  [
    'api:428',
    new Map([
      ['app', digestOf('bb1123')],
      ['nginx', digestOf('cc29')],
    ]),
  ],
]);

/** The story: 421 ran six days, 427 never became steady, 428 took over 17 minutes ago. Newest first. */
export const DEPLOYMENTS: readonly ServiceDeployment[] = [
  serviceDeployment('api:428', RELEASED),
  serviceDeployment('api:427', RELEASED - HOUR, { status: 'ROLLBACK_SUCCESSFUL' }),
  serviceDeployment('api:421', RELEASED - 6 * DAY - 3 * HOUR),
  serviceDeployment('api:419', RELEASED - 7 * DAY),
];

export const wish = (change: Partial<Wish> = {}): Wish => ({
  to: 'api:421',
  bring: null,
  ran: null,
  undo: null,
  stop: null,
  ...change,
});

/** A rollback of `api` from 428 to 421 that made 429. */
export const pastRollback = (change: Partial<PastRollback> = {}): PastRollback => ({
  by: 'k.smith',
  id: 'rb-7k3f9q',
  state: 'succeeded',
  reason: null,
  copyArn: arnOf('api:429'),
  copiedFrom: 'api:421',
  originArn: arnOf('api:421'),
  leftArn: arnOf('api:428'),
  leftDigests: DIGESTS.get('api:428') ?? new Map(),
  originTag: 'release-1119',
  digests: DIGESTS.get('api:421') ?? new Map(),
  startedAt: NOW - HOUR,
  endedAt: NOW - HOUR + 4 * MINUTE,
  ...change,
});

export const mark = (change: Partial<Mark> = {}): Mark => ({
  taskDefinitionArn: arnOf('api:421'),
  digests: DIGESTS.get(revisionName(change.taskDefinitionArn ?? arnOf('api:421'))) ?? new Map(),
  rollbackId: 'rb-7k3f9q',
  by: 'k.smith',
  at: NOW - 2 * DAY,
  reason: 'Errors after release',
  ...change,
});

export const registryImage = (digest: string | null, change: Partial<RegistryImage> = {}): Fact<RegistryImage> =>
  ok({ digest, usable: digest !== null, pushedAt: NOW - 9 * DAY, ...change });

export const unread = (change: Partial<ReadFailure> = {}): { readonly ok: false; readonly error: ReadFailure } =>
  fail({ kind: 'denied', action: 'ecr:DescribeImages', words: 'AccessDeniedException', ...change });

/** Every tag of the story's images names what ran, and by digest the same is there. */
function registry(): ReadonlyMap<string, Fact<RegistryImage>> {
  const known = [421, 428].flatMap((number) =>
    (shownOf(apiDefinition(number === 421 ? 421 : 428)).containerDefinitions ?? []).flatMap(({ name, image = '' }) => {
      const digest = DIGESTS.get(`api:${number}`)?.get(name ?? '') ?? '';
      const fixed = `${image.slice(0, image.lastIndexOf(':'))}@${digest}`;
      return [image, fixed].map((reference) => [reference, registryImage(digest)] as const);
    }),
  );
  return new Map(known);
}

/** What everything leans on, all of it there. */
const EXISTING = {
  secrets: new Map(
    ['v6', 'v7'].map(
      (version) => [`arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:notify/db-uri:${version}`, ok(true)] as const,
    ),
  ),
  roles: new Map(
    ['notify-api', 'notify-execution'].map(
      (role) => [`arn:aws:iam::${ACCOUNT}:role/${role}`, ok('usable' as const)] as const,
    ),
  ),
  logGroups: new Map(['/notify/nginx', '/notify/api'].map((group) => [group, ok(true)] as const)),
};

/** Facts of the story, in which nothing stands against going back from 428 to 421. */
export const facts = (change: Partial<RollbackFacts> = {}): RollbackFacts => ({
  readAt: NOW,
  recordKnown: true,
  target: TARGET,
  wish: wish(),
  service: service(),
  running: ok(revisionOf(apiDefinition(428))),
  wanted: ok(revisionOf(apiDefinition(421), { registeredAt: NOW - 8 * DAY })),
  deployments: ok(DEPLOYMENTS),
  images: registry(),
  ...EXISTING,
  targetTypes: new Map(),
  firingAlarms: ok([]),
  active: null,
  marks: [],
  past: [],
  stops: [],
  sameImage: [],
  sameFamily: [],
  oldVersionDays: 30,
  lastKnownGoodMinutes: 60,
  ...change,
});

/** A version of the story by its revision. */
export function version(definition: TaskDefinition, change: Partial<Version> = {}): Version {
  const revision = revisionOf(definition);
  const digests = DIGESTS.get(revisionName(revision.arn)) ?? new Map();
  return { ...versionOf({ revision, digests, service: service(), target: TARGET, past: [] }), ...change };
}

/** The story's rollback as checks judge it: everything of 421 comes back. */
export function draft(change: Partial<Draft> = {}): Draft {
  const source = revisionOf(apiDefinition(421));
  return {
    kind: 'copy',
    from: version(apiDefinition(428)),
    to: version(apiDefinition(421)),
    source,
    shown: source.shown,
    pins: [],
    changes: [
      { subject: 'image', container: 'app', name: 'app', kind: 'changed', before: 'a', after: 'b', note: null },
    ],
    history: ok(historyOf({ deployments: DEPLOYMENTS, past: [], stops: [], at: NOW })),
    stopped: null,
    ...change,
  };
}
