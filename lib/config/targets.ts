import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { Target } from '@/lib/domain/target';
import { fail, ok, type Result } from '@/lib/result';
import { type FileContent, fileShape, type TargetContent } from './file-shape';
import { linesOf } from './mistakes';

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
  /** Tokens that may ask for holds, by target. */
  readonly holdTokens: readonly { readonly target: string; readonly name: string; readonly sha256: string }[];
  /** In the order of the file. */
  readonly targets: readonly Target[];
};

/** File that is read where none is named. */
export const DEFAULT_FILE = 'ecs-rollback.yaml';

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
    return fail([
      `ECS_ROLLBACK_CONFIG: the file ${JSON.stringify(file)} cannot be read (${code}); name a file this process may read`,
    ]);
  }
  return parseConfiguration(content, file);
}

/** The configuration a text describes; `file` is what its mistakes are told of. */
export function parseConfiguration(content: string, file: string): Result<Configuration, readonly string[]> {
  const read = plainValue(content);
  const parsed = read.ok ? fileShape.safeParse(read.value, { reportInput: true }) : null;
  const mistakes = read.ok ? [...(parsed?.error?.issues.flatMap(linesOf) ?? []), ...overlaps(read.value)] : read.error;
  if (!parsed?.success || mistakes.length > 0) return fail(mistakes.map((line) => `${file}: ${line}`));
  return ok(configurationOf(parsed.data));
}

/** What the text says as YAML, or every reason why it is none. */
function plainValue(content: string): Result<unknown, readonly string[]> {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return fail(broken.map(({ pos, code, message }) => `line ${lines.linePos(pos[0]).line}: ${mend(code, message)}`));
  }
  try {
    return ok(document.toJS() ?? {});
  } catch (error) {
    // An alias to nothing, or to too much, shows only here.
    return fail([error instanceof Error ? error.message : 'is not readable']);
  }
}

/** The parser's complaint, with what to do where it does not say so itself. */
function mend(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'a setting stands here for the second time; remove one of the two';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; remove the line ---';
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; write spaces';
  return `${message.split('\n')[0]}; correct it from here on`;
}

function configurationOf(given: FileContent): Configuration {
  const { company = null, runbookUrl = null, ownersContact = null, targets, ...rest } = given;
  const holdTokens = Object.entries(targets).flatMap(([target, { holdTokens: tokens }]) =>
    Object.entries(tokens).map(([name, sha256]) => ({ target, name, sha256 })),
  );
  return { company, runbookUrl, ownersContact, ...rest, holdTokens, targets: Object.entries(targets).map(targetOf) };
}

const targetOf = ([name, { holdTokens: _, ...given }]: readonly [string, TargetContent]): Target => {
  const { readerRole = null, writerRole = null, externalId = null, clusters = null, pipelineUrl = null } = given;
  const services = Object.entries(given.services).map(([pattern, settings]) => {
    const { mainContainer = null, checkUrl = null, operators = null, viewers = null } = settings;
    return { pattern, mainContainer, checkUrl, operators, viewers };
  });
  return { ...given, name, readerRole, writerRole, externalId, clusters, pipelineUrl, services };
};

/** Where a target looks, as far as the file says so. */
type Place = {
  readonly name: string;
  readonly account: unknown;
  readonly region: unknown;
  readonly clusters: readonly unknown[] | null;
};

/**
 * Two targets that show the same services would give each other's people their rights. Judged by what stands in the file,
 * so that it is told beside whatever else is wrong.
 */
function overlaps(content: unknown): readonly string[] {
  const places = placesIn(content);
  return places.flatMap((place, index) =>
    places
      .slice(0, index)
      .filter((other) => other.account === place.account && other.region === place.region && share(other, place))
      .map(
        (other) =>
          `targets.${place.name}: shows services that targets.${other.name} shows too; give each its own clusters`,
      ),
  );
}

const members = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

function placesIn(content: unknown): readonly Place[] {
  const targets = new Map(members(content)).get('targets');
  return members(targets).flatMap(([name, target]) => {
    const { account, region, clusters = null } = Object.fromEntries(members(target));
    const comparable = typeof account === 'string' && (clusters === null || Array.isArray(clusters));
    return comparable ? [{ name, account, region, clusters: clusters as readonly unknown[] | null }] : [];
  });
}

const share = ({ clusters }: Place, other: Place): boolean =>
  clusters === null || other.clusters === null || clusters.some((cluster) => other.clusters?.includes(cluster));

function ambient(region: string | null): Result<Configuration, readonly string[]> {
  if (region === null) {
    return fail([
      `AWS_REGION: is not set, and there is no ${DEFAULT_FILE} that names targets; write that file, or set AWS_REGION=eu-west-1`,
    ]);
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
