import type {
  ContainerDefinition,
  DockerVolumeConfiguration,
  FirelensConfiguration,
  HealthCheck,
  LogConfiguration,
  ProxyConfiguration,
  TaskDefinition,
  Volume,
} from '@aws-sdk/client-ecs';
import { Masked } from '@/lib/domain/sealed';
import type { ShownDefinition } from '@/lib/domain/task-definition';

/**
 * What of a field may be shown: all of it but user info in URLs; the names in it, but not what they stand for; nothing;
 * or, by member, some of it. A member no rule names is not shown.
 */
type Rule =
  | 'clear'
  | 'names'
  | 'hidden'
  | { readonly members: Rules }
  | { readonly each: Rule }
  | { readonly pair: true };
type Rules = Readonly<Record<string, Rule>>;

/** A rule for every field the SDK knows: with one it learns, this no longer compiles until somebody has decided. */
const shape = <T>(members: Readonly<Record<keyof T, Rule>>): Rule => ({ members });

/** Log and firelens options that name a place, not a secret. */
const OPTIONS: Rule = {
  members: {
    'awslogs-group': 'clear',
    'awslogs-region': 'clear',
    'awslogs-stream-prefix': 'clear',
    'awslogs-create-group': 'clear',
    mode: 'clear',
  },
};

const CONTAINER = shape<ContainerDefinition>({
  name: 'clear',
  image: 'clear',
  repositoryCredentials: 'clear',
  cpu: 'clear',
  memory: 'clear',
  memoryReservation: 'clear',
  links: 'clear',
  portMappings: 'clear',
  essential: 'clear',
  restartPolicy: 'clear',
  entryPoint: 'names',
  command: 'names',
  environment: { each: { pair: true } },
  environmentFiles: 'clear',
  mountPoints: 'clear',
  volumesFrom: 'clear',
  linuxParameters: 'clear',
  secrets: 'clear',
  dependsOn: 'clear',
  startTimeout: 'clear',
  stopTimeout: 'clear',
  versionConsistency: 'clear',
  hostname: 'clear',
  user: 'clear',
  workingDirectory: 'clear',
  disableNetworking: 'clear',
  privileged: 'clear',
  readonlyRootFilesystem: 'clear',
  dnsServers: 'clear',
  dnsSearchDomains: 'clear',
  extraHosts: 'clear',
  dockerSecurityOptions: 'clear',
  interactive: 'clear',
  pseudoTerminal: 'clear',
  dockerLabels: 'names',
  ulimits: 'clear',
  logConfiguration: shape<LogConfiguration>({ logDriver: 'clear', options: OPTIONS, secretOptions: 'clear' }),
  healthCheck: shape<HealthCheck>({
    command: 'names',
    interval: 'clear',
    timeout: 'clear',
    retries: 'clear',
    startPeriod: 'clear',
  }),
  systemControls: 'clear',
  resourceRequirements: 'clear',
  firelensConfiguration: shape<FirelensConfiguration>({ type: 'clear', options: OPTIONS }),
  credentialSpecs: 'clear',
});

const VOLUME = shape<Volume>({
  name: 'clear',
  host: 'clear',
  dockerVolumeConfiguration: shape<DockerVolumeConfiguration>({
    scope: 'clear',
    autoprovision: 'clear',
    driver: 'clear',
    driverOpts: 'names',
    labels: 'names',
  }),
  efsVolumeConfiguration: 'clear',
  fsxWindowsFileServerVolumeConfiguration: 'clear',
  s3filesVolumeConfiguration: 'clear',
  configuredAtLaunch: 'clear',
});

const DEFINITION = shape<TaskDefinition>({
  taskDefinitionArn: 'clear',
  containerDefinitions: { each: CONTAINER },
  family: 'clear',
  taskRoleArn: 'clear',
  executionRoleArn: 'clear',
  networkMode: 'clear',
  revision: 'clear',
  volumes: { each: VOLUME },
  status: 'clear',
  requiresAttributes: 'clear',
  placementConstraints: 'clear',
  compatibilities: 'clear',
  runtimePlatform: 'clear',
  requiresCompatibilities: 'clear',
  cpu: 'clear',
  memory: 'clear',
  inferenceAccelerators: 'clear',
  pidMode: 'clear',
  ipcMode: 'clear',
  proxyConfiguration: shape<ProxyConfiguration>({
    type: 'clear',
    containerName: 'clear',
    properties: { each: { pair: true } },
  }),
  registeredAt: 'clear',
  deregisteredAt: 'clear',
  deleteRequestedAt: 'clear',
  registeredBy: 'clear',
  ephemeralStorage: 'clear',
  enableFaultInjection: 'clear',
});

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** What becomes of the two kinds of values, and which names make a pair's value clear for everybody. */
type Treatment = {
  readonly hide: (value: unknown) => unknown;
  readonly show: (text: string) => string;
  readonly isClear: (name: unknown) => boolean;
};

/** Walks a value along its rule. What has another form than its rule expects is hidden whole. */
function treat(value: unknown, rule: Rule, treatment: Treatment): unknown {
  if (rule === 'clear') return shown(value, treatment);
  if (rule === 'hidden') return treatment.hide(value);
  if (rule === 'names') return namesOf(value, treatment);
  if ('each' in rule) {
    return isList(value) ? value.map((one) => treat(one, rule.each, treatment)) : treatment.hide(value);
  }
  if (!isTree(value)) return treatment.hide(value);
  return mapTree(value, (member, name) => treat(member, ruleOf(rule, value, name, treatment), treatment));
}

function ruleOf(rule: { members: Rules } | { pair: true }, value: Tree, name: string, { isClear }: Treatment): Rule {
  if ('pair' in rule) return name === 'name' || (name === 'value' && isClear(value.name)) ? 'clear' : 'hidden';
  return (Object.hasOwn(rule.members, name) ? rule.members[name] : undefined) ?? 'hidden';
}

function shown(value: unknown, treatment: Treatment): unknown {
  if (typeof value === 'string') return treatment.show(value);
  if (isList(value)) return value.map((member) => shown(member, treatment));
  return isTree(value) ? mapTree(value, (member) => shown(member, treatment)) : value;
}

function namesOf(value: unknown, { hide }: Treatment): unknown {
  if (isList(value)) return value.map(hide);
  return isTree(value) ? mapTree(value, hide) : hide(value);
}

/** A tree with every member mapped; `__proto__` stays an ordinary name, undefined members go. */
function mapTree(tree: Tree, map: (member: unknown, name: string) => unknown): Tree {
  const entries = Object.entries(tree).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(entries.map(([name, member]) => [name, map(member, name)]));
}

/**
 * The definition as it may be shown. Environment values, commands, health-check commands, labels, log and driver options,
 * proxy properties and every field we do not know become {@link Masked}; user info leaves URLs; names stay.
 *
 * @param fingerprint - Keyed hash of a text, so that two masked values can be compared and nothing more.
 * @param showValuesOf - Names of environment variables that are clear for everybody.
 */
export function maskDefinition(
  definition: TaskDefinition,
  fingerprint: (text: string) => string,
  showValuesOf: ReadonlySet<string>,
): ShownDefinition {
  return treat(definition, DEFINITION, {
    hide: (value) => new Masked(fingerprint(typeof value === 'string' ? value : JSON.stringify(value))),
    show: withoutUser,
    isClear: (name) => typeof name === 'string' && showValuesOf.has(name),
  }) as ShownDefinition;
}

const SHORTEST_SECRET = 4;

/** What stands between the words of a command, an address or a piece of JSON. */
const BETWEEN_WORDS = /[\s"'`=:;,/?&@#|<>()[\]{}\\]+/;

/** A word that is more likely a secret than a name: long, of letters and digits. */
const LIKE_A_SECRET = /^(?=.*[A-Za-z])(?=.*\d).{8,}$/;

/** A masked text in the forms AWS may quote it in: whole, as JSON, and a word of it. */
function formsOf(text: string): readonly string[] {
  const words = text.split(BETWEEN_WORDS).filter((word) => LIKE_A_SECRET.test(word));
  return [text, JSON.stringify(text).slice(1, -1), ...words];
}

/**
 * Every masked text of four or more characters in a definition, longest first: what a text from AWS must not repeat.
 * Found along the same rules, so that nothing is masked on a page and quoted beside it.
 */
export function secretTexts(definition: TaskDefinition): readonly string[] {
  const texts = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === 'string') for (const form of formsOf(value)) texts.add(form);
    else if (isList(value)) value.forEach(add);
    else if (isTree(value)) Object.values(value).forEach(add);
  };
  // What is shown but for its user info has that taken out of quotations too.
  const addUser = (text: string): string => {
    for (const [user] of text.matchAll(USER_IN_URL)) add(user.replace(/^[^:]+:\/\//, '').replace(/@$/, ''));
    return text;
  };
  treat(definition, DEFINITION, { hide: add, show: addUser, isClear: () => false });
  return [...texts].filter((text) => text.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length);
}

/**
 * User info of a URL, as far as the last `@` where a password follows its colon: passwords hold slashes and more that
 * should have been encoded. A port is no password. Lengths are bounded, so that no text takes long.
 */
const USER_IN_URL =
  /\b([a-z][a-z0-9+.-]{0,30}:\/\/)(?:[^\s/?#@:"'<>]{0,256}:(?!\d{1,5}(?:[/?#\s]|$))[^\s"'<>]{0,2048}@|[^\s/?#@"'<>]{1,2048}@)/gi;

const withoutUser = (text: string): string => text.replace(USER_IN_URL, '$1');

const ACCESS_KEY = /\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g;

/** A text of AWS without the given secrets, user info in URLs and access key ids. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const cleaned = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
  return withoutUser(cleaned).replace(ACCESS_KEY, '[hidden]');
}
