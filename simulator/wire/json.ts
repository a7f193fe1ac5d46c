import { AwsError } from '@/simulator/aws-error';
import type { Input } from '@/simulator/call';

/** The body of a JSON request as an object. */
export function parsedJson(body: string): Input {
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Input;
  } catch {
    // Refused below.
  }
  throw new AwsError('SerializationException', 'The request is not a JSON object.');
}

/** A reply in AWS's JSON: dates as epoch seconds, members without a value left out. */
export const jsonReply = (value: object): string => JSON.stringify(inSeconds(value));

function inSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(inSeconds);
  if (value === null || typeof value !== 'object') return value ?? undefined;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, inSeconds(member)]));
}

/** An error in AWS's JSON. */
export const jsonError = ({ code, message, members }: AwsError): string =>
  JSON.stringify({ __type: code, message, ...members });
