import type { z } from 'zod';
import { fileShape } from './file-shape';
import { instead } from './instead';
import { settingAt } from './settings';

type Issue = z.core.$ZodIssue;

/** Mistakes as people read them: where, what stands there, what is wrong with it and what to write instead. */
export function linesOf(issue: Issue): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(settingAt(fileShape, issue.path)?.members ?? {});
    return issue.keys.map((key) => `${pathOf([...issue.path, key])}: is no setting; ${instead(key, known)}`);
  }
  if (issue.code === 'invalid_key') {
    const name = quoted(issue.path.at(-1));
    return [`${pathOf(issue.path.slice(0, -1))}: ${name} ${issue.issues[0]?.message ?? 'is no name'}`];
  }
  const where = pathOf(issue.path);
  // What spans a whole map says by itself which of its settings it is about.
  const value = issue.code === 'custom' ? memberOf(issue) : issue.input;
  if (value === undefined) return [`${where}: ${issue.code === 'custom' ? issue.message : missing(issue.path)}`];
  return [`${where}: ${isSecret(issue.path) ? '' : shown(value)}${issue.message}`];
}

/** Where a secret stands, or may stand by mistake. */
const isSecret = (path: readonly PropertyKey[]): boolean =>
  path.at(-1) === 'externalId' || path.at(-2) === 'holdTokens';

function missing(path: readonly PropertyKey[]): string {
  const example = settingAt(fileShape, path)?.example;
  return example === undefined
    ? 'is missing'
    : `is missing; write for example ${String(path.at(-1))}: ${flow(example)}`;
}

/** A value as YAML takes it on one line. Digits alone are quoted, or they would be a number. */
function flow(value: unknown): string {
  if (typeof value === 'string') return /^\d+$/.test(value) ? `"${value}"` : value;
  return JSON.stringify(value);
}

function memberOf({ input, path }: Issue): unknown {
  const name = path.at(-1);
  if (typeof input !== 'object' || input === null || Array.isArray(input) || typeof name !== 'string') return input;
  return Object.hasOwn(input, name) ? (input as Readonly<Record<string, unknown>>)[name] : undefined;
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
