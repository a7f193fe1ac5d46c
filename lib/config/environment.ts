import { fail, ok, type Result } from '@/lib/result';
import { instead } from './instead';
import { VARIABLES, type VariableName } from './variables';

/** What the process is told by its environment. Secrets are for their one use, never a log. */
export type Environment = {
  /** Path of the configuration file as given; `null` where the default may stand or not. */
  readonly configFile: string | null;
  /** Origin under which people reach the dashboard, without a slash at its end. */
  readonly baseUrl: string;
  /** At least 32 bytes; every key is derived from it. */
  readonly secret: string;
  readonly databaseUrl: string;
  /** The role that migrates; the same as {@link databaseUrl} where none is named. */
  readonly migrationDatabaseUrl: string;
  /** The issuer exactly as given: tokens must name the same one, slash and all. */
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  readonly port: number;
  readonly hostname: string | null;
  readonly logLevel: LogLevel;
  /** Sign-in to forced sign-out, in seconds. */
  readonly sessionMaxSeconds: number;
  /** Last use to sign-out, in seconds. */
  readonly sessionIdleSeconds: number;
  /** Region of the one target that stands where no file is given. */
  readonly awsRegion: string | null;
  /** Endpoints the AWS SDK was given in place of AWS's own, by variable; empty where none was. */
  readonly awsEndpoints: Readonly<Record<string, string>>;
};

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** Longest session and longest idle time; the environment may only lower them. */
export const SESSION_LIMITS = { maxSeconds: 28_800, idleSeconds: 1_800 } as const;

/** Another `ECS_ROLLBACK_*` than these is a mistyped one, and stops the start. */
const OWN_NAMES: readonly string[] = Object.keys(VARIABLES).filter((name) => name.startsWith('ECS_ROLLBACK_'));

/** Makes the sign-in library believe forwarded host names, which a client can write. */
const REFUSED_NAMES = ['AUTH_TRUST_HOST', 'VERCEL'] as const;

const SECRET_BYTES = 32;

type Variables = Readonly<Record<string, string | undefined>>;

/** Collects every mistake, so that one start shows them all. */
type Reading = { readonly variables: Variables; readonly mistakes: string[] };

/**
 * Reads the environment, or says everything that is wrong with it: one line a mistake, each beginning with the variable's
 * name. Values of secrets, and of addresses that may hold a password, are not in the lines.
 */
export function readEnvironment(variables: Variables): Result<Environment, readonly string[]> {
  const reading: Reading = { variables, mistakes: refusedNames(variables) };
  const databaseUrl = databaseAddress(reading, 'DATABASE_URL') ?? required(reading, 'DATABASE_URL');
  const environment: Environment = {
    ...configuredIn(reading),
    baseUrl: baseAddress(reading),
    secret: secret(reading),
    databaseUrl,
    migrationDatabaseUrl: databaseAddress(reading, 'MIGRATION_DATABASE_URL') ?? databaseUrl,
    oidc: {
      issuer: webAddress(reading, 'OIDC_ISSUER'),
      clientId: given(reading, 'OIDC_CLIENT_ID') ?? required(reading, 'OIDC_CLIENT_ID'),
      clientSecret: given(reading, 'OIDC_CLIENT_SECRET') ?? required(reading, 'OIDC_CLIENT_SECRET'),
    },
    port: wholeNumber(reading, 'PORT', { fallback: 3000, least: 1, most: 65_535 }),
    hostname: given(reading, 'HOSTNAME'),
    logLevel: logLevel(reading),
    sessionMaxSeconds: seconds(reading, 'SESSION_MAX_SECONDS', SESSION_LIMITS.maxSeconds),
    sessionIdleSeconds: seconds(reading, 'SESSION_IDLE_SECONDS', SESSION_LIMITS.idleSeconds),
    awsEndpoints: endpoints(variables),
  };
  signInAddress(reading, environment.baseUrl);
  return reading.mistakes.length === 0 ? ok(environment) : fail(reading.mistakes);
}

let read: Result<Environment, readonly string[]> | undefined;

/** The environment of this process, read once. */
export function environment(): Result<Environment, readonly string[]> {
  read ??= readEnvironment(process.env);
  return read;
}

/** Where the configuration is looked for; known even where the rest of the environment is wrong. */
export const configurationPlace = (): Pick<Environment, 'configFile' | 'awsRegion'> =>
  configuredIn({ variables: process.env, mistakes: [] });

const configuredIn = (reading: Reading): Pick<Environment, 'configFile' | 'awsRegion'> => ({
  configFile: given(reading, 'ECS_ROLLBACK_CONFIG'),
  awsRegion: given(reading, 'AWS_REGION') ?? given(reading, 'AWS_DEFAULT_REGION'),
});

function refusedNames(variables: Variables): string[] {
  const unknown = Object.keys(variables)
    .filter((name) => name.startsWith('ECS_ROLLBACK_') && !OWN_NAMES.includes(name))
    .map((name) => `${name}: is no setting of this tool; ${instead(name, OWN_NAMES)}`);
  const trusting = REFUSED_NAMES.filter((name) => variables[name]).map(
    (name) => `${name}: must not be set, forwarded host names are not trusted; remove it`,
  );
  // The SDK, the database and the sign-in library would all believe anybody.
  const unchecked =
    variables.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? ['NODE_TLS_REJECT_UNAUTHORIZED: must not be 0, certificates are checked; name your own in NODE_EXTRA_CA_CERTS']
      : [];
  return [...unknown.sort(), ...trusting, ...unchecked];
}

const given = ({ variables }: Reading, name: VariableName): string | null => variables[name]?.trim() || null;

function required({ mistakes, variables }: Reading, name: VariableName): string {
  if (!variables[name]?.trim()) {
    mistakes.push(`${name}: is not set; write for example ${name}=${VARIABLES[name].example}`);
  }
  return '';
}

const isLoopback = (hostname: string): boolean =>
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** An address of https, or of http on this machine; without credentials, which logs and pages would show. */
function webAddress(reading: Reading, name: VariableName): string {
  const text = given(reading, name);
  if (text === null) return required(reading, name);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.username !== '' || url.password !== '')) {
    reading.mistakes.push(`${name}: must not contain a user name or password; write the address without them`);
  } else if (url === null) {
    reading.mistakes.push(`${name}: ${JSON.stringify(text)} is not a URL; write it whole, with https://`);
  } else if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    reading.mistakes.push(
      `${name}: ${JSON.stringify(text)} is neither https nor http on a loopback address; write it with https://`,
    );
  } else if (url.search !== '' || url.hash !== '') {
    reading.mistakes.push(
      `${name}: ${JSON.stringify(text)} must end with its path, without ? and #; leave out what begins with them`,
    );
  } else return text;
  return '';
}

function baseAddress(reading: Reading): string {
  const text = webAddress(reading, 'ECS_ROLLBACK_URL');
  if (text === '') return '';
  const url = new URL(text);
  if (url.pathname !== '/') {
    reading.mistakes.push(
      `ECS_ROLLBACK_URL: ${JSON.stringify(text)} must not have a path, the dashboard stands at /; write ${url.origin}`,
    );
  }
  return url.origin;
}

/** The sign-in library reads its own address from the environment; another one there would send people elsewhere. */
function signInAddress(reading: Reading, baseUrl: string): void {
  const text = given(reading, 'NEXTAUTH_URL');
  if (text === null || baseUrl === '') return;
  if (!URL.canParse(text) || new URL(text).origin !== baseUrl) {
    reading.mistakes.push('NEXTAUTH_URL: must be ECS_ROLLBACK_URL, or better not set');
  }
}

function secret(reading: Reading): string {
  const text = reading.variables.ECS_ROLLBACK_SECRET ?? '';
  if (text === '') return required(reading, 'ECS_ROLLBACK_SECRET');
  const bytes = Buffer.byteLength(text);
  if (bytes < SECRET_BYTES) {
    reading.mistakes.push(
      `ECS_ROLLBACK_SECRET: is shorter than ${SECRET_BYTES} bytes; "openssl rand -base64 32" makes one`,
    );
  } else if (new Set(text).size < 8) {
    reading.mistakes.push('ECS_ROLLBACK_SECRET: repeats itself; "openssl rand -base64 32" makes one');
  }
  return text;
}

/** Connection string of PostgreSQL; never quoted, it holds a password. */
function databaseAddress(reading: Reading, name: VariableName): string | null {
  const text = given(reading, name);
  if (text !== null && !/^postgres(ql)?:\/\//.test(text)) {
    reading.mistakes.push(
      `${name}: is not a URL that begins with postgres://; write postgres://USER:PASSWORD@HOST:5432/NAME`,
    );
  } else if (text !== null && !URL.canParse(text)) {
    reading.mistakes.push(`${name}: is not a URL; characters such as / and # in a password are written %2F and %23`);
  }
  return text;
}

type Range = { readonly fallback: number; readonly least: number; readonly most: number };

function wholeNumber(reading: Reading, name: VariableName, { fallback, least, most }: Range): number {
  const text = given(reading, name);
  if (text === null) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  reading.mistakes.push(`${name}: ${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
  return fallback;
}

/** A limit that may be lowered and never raised. */
const seconds = (reading: Reading, name: VariableName, most: number): number =>
  wholeNumber(reading, name, { fallback: most, least: 1, most });

function logLevel(reading: Reading): LogLevel {
  const text = given(reading, 'LOG_LEVEL') ?? 'info';
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) {
    reading.mistakes.push(`LOG_LEVEL: ${JSON.stringify(text)} is none of ${LOG_LEVELS.join(', ')}`);
  }
  return level ?? 'info';
}

function endpoints(variables: Variables): Readonly<Record<string, string>> {
  const set = Object.entries(variables).flatMap(([name, value]) =>
    /^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/.test(name) && value ? [[name, withoutCredentials(value)] as const] : [],
  );
  return Object.fromEntries(set.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Pages show endpoints, so a password in one stays out. */
function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return '(not a URL)';
  const { origin, pathname } = new URL(text);
  return pathname === '/' ? origin : `${origin}${pathname}`;
}
