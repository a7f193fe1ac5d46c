import { readFileSync } from 'node:fs';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Target } from '@/lib/domain/target';
import { COLOURS } from '@/lib/domain/target';
import { fail, ok, type Result } from '@/lib/result';

/** What the organisation says about itself, its targets and who may do what. */
export type Configuration = {
  /** Name on the sign-in page. */
  readonly company: string | null;
  readonly runbookUrl: string | null;
  /** Whom to ask about this tool, as people write it: `#sre-help`. */
  readonly ownersContact: string | null;
  /** Processes that share AWS's quotas and one database. */
  readonly replicas: number;
  /** Claim that holds a person's groups, and where the provider gives it. */
  readonly groups: { readonly claim: string; readonly from: 'id-token' | 'userinfo' };
  /** A version counts as good once it ran well for so long. */
  readonly lastKnownGoodMinutes: number;
  /** A version registered longer ago than this is warned of. */
  readonly oldVersionDays: number;
  /** Environment variables whose values are clear for everybody. */
  readonly showValuesOf: readonly string[];
  /** In the order of the file. */
  readonly targets: readonly Target[];
};

/** File that is read where none is named. */
export const DEFAULT_FILE = 'ecs-rollback.yaml';

const RISKY_NAME = /pass|secret|token|key|cred|uri|url|dsn/i;

const text = (shape: RegExp, words: string) => z.string(words).regex(shape, words);
const words = text(/^(?=.*\S)[^\p{Cc}]{1,200}$/u, 'is not a line of text of up to 200 characters');
const wholeNumber = (least: number, most: number) => {
  const range = `is not a whole number from ${least} to ${most}`;
  return z.int(range).min(least, range).max(most, range);
};
const webAddress = z
  .string('is not a web address')
  .refine((given) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol), 'is not a web address')
  .refine(
    (given) => !URL.canParse(given) || new URL(given).username === '',
    'must not contain a user name or password',
  );
const group = words.describe('group');
const role = text(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'is not the ARN of an IAM role');
const listOf = <T extends z.ZodType>(member: T, of: string) =>
  z.array(member, `is not a list of ${of}`).refine(hasNoTwice, `names one of its ${of} twice`);

function hasNoTwice(list: readonly unknown[]): boolean {
  return new Set(list).size === list.length;
}

const serviceShape = z.strictObject(
  { mainContainer: words.optional(), checkUrl: webAddress.optional() },
  'is not a map of settings',
);

const targetShape = z
  .strictObject(
    {
      account: text(/^\d{12}$/, 'is not an account number: twelve digits, in quotes'),
      region: text(/^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/, 'is not a region'),
      readerRole: role.optional(),
      writerRole: role.optional(),
      externalId: text(/^[\w+=,.@:/-]{2,1224}$/, 'is not an external id as STS takes it').optional(),
      clusters: listOf(text(/^[A-Za-z0-9_-]{1,255}$/, 'is not the name of a cluster'), 'clusters')
        .min(1, 'names no cluster; leave it out to show all')
        .optional(),
      protected: z.boolean('is neither true nor false'),
      colour: z.enum(COLOURS, `is none of ${COLOURS.join(', ')}`),
      pipelineUrl: webAddress.optional(),
      operators: listOf(group, 'groups').min(1, 'names no group, so nobody could roll back'),
      viewers: listOf(group, 'groups').default([]),
      services: z
        .record(
          text(/^[A-Za-z0-9_*-]{1,255}$/, 'is not the name of a service, nor a pattern with *'),
          serviceShape,
          'is not a map of services',
        )
        .default({}),
    },
    'is not a map of settings',
  )
  .superRefine((target, context) => {
    for (const member of ['readerRole', 'writerRole'] as const) {
      const arn = target[member];
      if (arn !== undefined && arn.split(':')[4] !== target.account) {
        context.addIssue({
          code: 'custom',
          path: [member],
          input: arn,
          message: `is a role of another account than ${target.account}`,
        });
      }
    }
    const missing = target.readerRole === undefined ? 'readerRole' : 'writerRole';
    if ((target.readerRole === undefined) !== (target.writerRole === undefined)) {
      context.addIssue({ code: 'custom', path: [missing], message: 'is missing; name both roles, or neither' });
    }
  });

const fileShape = z.strictObject(
  {
    company: words.optional(),
    runbookUrl: webAddress.optional(),
    ownersContact: words.optional(),
    replicas: wholeNumber(1, 20).default(1),
    groups: z
      .strictObject(
        {
          claim: words.default('groups'),
          from: z.enum(['id-token', 'userinfo'], 'is neither id-token nor userinfo').default('id-token'),
        },
        'is not a map of settings',
      )
      .default({ claim: 'groups', from: 'id-token' }),
    lastKnownGoodMinutes: wholeNumber(1, 43_200).default(60),
    oldVersionDays: wholeNumber(1, 3_650).default(30),
    showValuesOf: listOf(
      text(/^[A-Za-z_][\w.-]*$/, 'is not the name of an environment variable').refine(
        (name) => !RISKY_NAME.test(name),
        'is a name that may hold a secret, and those are never shown',
      ),
      'names',
    ).default([]),
    targets: z
      .record(
        text(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'is not the name of a target'),
        targetShape,
        'is not a map of targets',
      )
      .refine((targets) => Object.keys(targets).length > 0, 'names no target'),
  },
  'is not a map of settings',
);

/**
 * Reads the configuration, or says everything that is wrong with it, a line a mistake: file, path, value.
 *
 * Where no file is named and the default one is not there, one target `default` stands for the credentials and region the
 * process was started with; there the groups `rollback-operators` and `rollback-viewers` count.
 */
export function readConfiguration(settings: {
  readonly configFile: string | null;
  readonly awsRegion: string | null;
}): Result<Configuration, readonly string[]> {
  const file = settings.configFile ?? DEFAULT_FILE;
  let content: string;
  try {
    // Named at run time: the compiler would pack every file it might be.
    content = readFileSync(/* turbopackIgnore: true */ file, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && settings.configFile === null) return ambient(settings.awsRegion);
    return fail([`ECS_ROLLBACK_CONFIG: the file ${JSON.stringify(file)} cannot be read (${code})`]);
  }
  return parseConfiguration(content, file);
}

/** The configuration a text describes; `file` is what its mistakes are told of. */
export function parseConfiguration(content: string, file: string): Result<Configuration, readonly string[]> {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return fail(
      broken.map(({ pos, message }) => `${file}: line ${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`),
    );
  }
  const value = plainValue(document);
  if (!value.ok) return fail([`${file}: ${value.error}`]);
  const parsed = fileShape.safeParse(value.value, { reportInput: true });
  if (!parsed.success) return fail(parsed.error.issues.flatMap(linesOf).map((line) => `${file}: ${line}`));
  const configuration = configurationOf(parsed.data);
  const shared = overlaps(configuration.targets).map((line) => `${file}: ${line}`);
  return shared.length === 0 ? ok(configuration) : fail(shared);
}

/** What the document says; an alias to nothing, or to too much, shows only here. */
function plainValue(document: Document): Result<unknown, string> {
  try {
    return ok(document.toJS() ?? {});
  } catch (error) {
    return fail(error instanceof Error ? error.message : 'is not readable');
  }
}

function configurationOf(given: z.infer<typeof fileShape>): Configuration {
  const { company = null, runbookUrl = null, ownersContact = null, targets, ...rest } = given;
  return { company, runbookUrl, ownersContact, ...rest, targets: Object.entries(targets).map(targetOf) };
}

const targetOf = ([name, given]: readonly [string, z.infer<typeof targetShape>]): Target => {
  const { readerRole = null, writerRole = null, externalId = null, clusters = null, pipelineUrl = null } = given;
  const services = Object.entries(given.services).map(([pattern, { mainContainer = null, checkUrl = null }]) => ({
    pattern,
    mainContainer,
    checkUrl,
  }));
  return { ...given, name, readerRole, writerRole, externalId, clusters, pipelineUrl, services };
};

/** Two targets that show the same services would give each other's people their rights. */
function overlaps(targets: readonly Target[]): string[] {
  return targets.flatMap((target, index) =>
    targets
      .slice(0, index)
      .filter((other) => other.account === target.account && other.region === target.region && share(other, target))
      .map(
        (other) =>
          `targets.${target.name}: shows services that targets.${other.name} shows too; give each its own clusters`,
      ),
  );
}

const share = ({ clusters }: Target, other: Target): boolean =>
  clusters === null || other.clusters === null || clusters.some((cluster) => other.clusters?.includes(cluster));

function ambient(region: string | null): Result<Configuration, readonly string[]> {
  if (region === null) {
    return fail([`AWS_REGION: is not set, and there is no ${DEFAULT_FILE} that names targets`]);
  }
  const only: Target = {
    name: 'default',
    account: null,
    region,
    readerRole: null,
    writerRole: null,
    externalId: null,
    clusters: null,
    protected: true,
    colour: 'red',
    pipelineUrl: null,
    operators: ['rollback-operators'],
    viewers: ['rollback-viewers'],
    services: [],
  };
  return ok({ ...configurationOf(fileShape.parse({ targets: { default: PLACEHOLDER } })), targets: [only] });
}

/** Fills the file's shape, so that every other setting takes its default. */
const PLACEHOLDER = { account: '000000000000', region: 'eu-west-1', protected: true, colour: 'red', operators: ['-'] };

type Issue = z.core.$ZodIssue;

/** Mistakes as people read them: where, what stands there, and what is wrong with it. */
function linesOf(issue: Issue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${pathOf([...issue.path, key])}: is no setting`);
  }
  if (issue.code === 'invalid_key') {
    return [
      `${pathOf(issue.path.slice(0, -1))}: ${quoted(issue.path.at(-1))} ${issue.issues[0]?.message ?? 'is no name'}`,
    ];
  }
  const where = pathOf(issue.path);
  if (issue.input === undefined) return [`${where}: ${issue.code === 'custom' ? issue.message : 'is missing'}`];
  return [`${where}: ${issue.path.at(-1) === 'externalId' ? '' : shown(issue.input)}${issue.message}`];
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('') || 'the file';

const quoted = (value: unknown): string => {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 100 ? `${json.slice(0, 100)}…` : json;
};

/** What stands there; nothing of maps and lists, nor of an address with a password. */
function shown(value: unknown): string {
  if (value !== null && typeof value === 'object') return '';
  if (typeof value === 'string' && /\/\/[^/]*@/.test(value)) return '';
  return `${quoted(value)} `;
}
