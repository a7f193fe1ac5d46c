import { AwsError } from './aws-error';
import type { Input } from './call';

const wrongType = (found: unknown, wanted: string): AwsError => {
  const kind = Array.isArray(found) ? 'START_ARRAY' : found !== null && typeof found === 'object' ? 'START_OBJECT' : '';
  const words = kind === '' ? `${(typeof found).toUpperCase()}_VALUE` : kind;
  return new AwsError('SerializationException', `${words} can not be converted to ${wanted}`);
};

/** A member that is a string, or `null` where absent. */
export function optionalText(input: Input, name: string): string | null {
  const value = input[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw wrongType(value, 'a String');
  return value;
}

/** A member that must be a string and not empty. */
export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === null || value === '') throw new AwsError('InvalidParameterException', `${name} can not be blank.`);
  return value;
}

/** A whole number, or `null` where absent. */
export function optionalNumber(input: Input, name: string): number | null {
  const value = input[name];
  if (value === undefined || value === null) return null;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw wrongType(value, 'an Integer');
  return number;
}

/** A truth value, or `null` where absent. */
export function optionalBoolean(input: Input, name: string): boolean | null {
  const value = input[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'boolean') throw wrongType(value, 'a Boolean');
  return value;
}

/** A list of strings; empty where absent. */
export function texts(input: Input, name: string): string[] {
  return list(input, name).map((value) => {
    if (typeof value !== 'string') throw wrongType(value, 'a String');
    return value;
  });
}

/** A list of anything; empty where absent. */
export function list(input: Input, name: string): readonly unknown[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(value, 'a List');
  return value;
}

/** A structure, or `null` where absent. */
export function optionalStructure(input: Input, name: string): Input | null {
  const value = input[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(value, 'a Structure');
  return value as Input;
}

/** The value without members that are `null`, as AWS's parsers drop them. */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (depth > 100) throw new AwsError('SerializationException', 'The request is nested too deeply.');
  if (Array.isArray(value)) return value.filter((item) => item !== null).map((item) => withoutNulls(item, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member, depth + 1)]));
}
