import pino from 'pino';

/** Everything that is ever logged; `docs` lists them with their members. */
export type LogEvent =
  | 'start.ready'
  | 'start.waiting'
  | 'stop.begun'
  | 'stop.done'
  | 'upkeep.pruned'
  | 'request.failed'
  | 'database.failed'
  | 'record.head'
  | 'record.verified'
  | 'record.verify-failed'
  | 'sign-in.done'
  | 'sign-in.refused'
  | 'groups.not-renewed'
  | 'access.refused'
  | 'press.refused'
  | 'plan.not-saved'
  | 'rollback.confirmed'
  | 'rollback.moved'
  | 'rollback.event'
  | 'rollback.starter-failed'
  | 'rollback.keeper-failed'
  | 'rollback.taken-over'
  | 'aws.read-failed'
  | 'aws.write'
  | 'aws.throttled';

/** Writes one JSON line. Members are values; user text never forms a key or a message. */
export type Log = (event: LogEvent, members?: Readonly<Record<string, unknown>>) => void;

const LONGEST = 1024;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const clean = (text: string): string =>
  text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).slice(0, LONGEST);

/** A value as a log may hold it: no control characters, no endless text, errors by name, message and stack. */
export function loggable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? '[function]' : value;
  if (value instanceof Error) {
    return {
      name: clean(value.name),
      message: clean(value.message),
      stack: (value.stack ?? '').split('\n').slice(1, 12).map(clean),
    };
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return loggable(value.toJSON(), depth + 1);
  if (depth > 4) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 50).map((member) => loggable(member, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 50)
      .map(([key, member]) => [clean(key), loggable(member, depth + 1)]),
  );
}

const WARNINGS: ReadonlySet<LogEvent> = new Set([
  'start.waiting',
  'access.refused',
  'press.refused',
  'groups.not-renewed',
  'aws.read-failed',
  'aws.throttled',
  'sign-in.refused',
]);
const ERRORS: ReadonlySet<LogEvent> = new Set([
  'request.failed',
  'record.verify-failed',
  'database.failed',
  'plan.not-saved',
  'rollback.starter-failed',
  'rollback.keeper-failed',
]);

/**
 * A log of JSON lines on standard output.
 *
 * @param level - One of pino's levels; `silent` for none.
 */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' },
    destination ?? pino.destination(1),
  );
  return (event, members = {}) => {
    const line = loggable(members) as Record<string, unknown>;
    if (ERRORS.has(event)) logger.error(line, event);
    else if (WARNINGS.has(event)) logger.warn(line, event);
    else logger.info(line, event);
  };
}
