import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '@/simulator/aws-error';
import type { Input } from '@/simulator/call';
import { isKnown } from '@/simulator/execute';
import { type Signature, signatureOf } from '@/simulator/principals';
import { parsedJson } from './json';
import { parsedQuery } from './query';
import { type Protocol, serviceOfTarget, speaksQuery } from './services';

/** A request as far as it could be understood. */
export type WireRequest = {
  readonly signature: Signature | null;
  readonly protocol: Protocol;
  /** Signing name; empty where nothing tells. */
  readonly service: string;
  readonly operation: string;
  readonly input: Input;
  /** Which try of the caller's this is, from 1. */
  readonly attempt: number;
  readonly invocationId: string | null;
  /** What AWS answers before it looks at anything else; `null` for a request in order. */
  readonly problem: AwsError | null;
};

/** Reads a request; whatever is wrong with it is its `problem`. */
export function wireRequest(headers: IncomingHttpHeaders, body: string): WireRequest {
  const signature = signatureOf(headers.authorization, single(headers['x-amz-security-token']));
  const target = single(headers['x-amz-target']);
  const read = target === null ? queryRequest(signature, body) : jsonRequest(target, body);
  return {
    ...read,
    signature,
    attempt: Number(/attempt=(\d+)/.exec(single(headers['amz-sdk-request']) ?? '')?.[1] ?? 1),
    invocationId: single(headers['amz-sdk-invocation-id']),
    problem: signatureProblem(signature, headers.authorization, read) ?? unknownOperation(read) ?? read.problem,
  };
}

type Read = Pick<WireRequest, 'protocol' | 'service' | 'operation' | 'input' | 'problem'>;

const single = (header: string | string[] | undefined): string | null => [header].flat()[0] ?? null;

function jsonRequest(target: string, body: string): Read {
  const [prefix = '', operation = ''] = target.split('.', 2);
  const { service, protocol } = serviceOfTarget(prefix) ?? { service: '', protocol: 'json-1.1' as const };
  return { protocol, service, operation, ...parsed(() => ({ input: parsedJson(body) })) };
}

function queryRequest(signature: Signature | null, body: string): Read {
  const service = signature?.service ?? '';
  const read = parsed(() => parsedQuery(body));
  return { protocol: 'query', service, operation: read.action ?? '', input: read.input, problem: read.problem };
}

function parsed<T extends { readonly input: Input; readonly action?: string }>(
  parse: () => T,
): { readonly input: Input; readonly action?: string; readonly problem: AwsError | null } {
  try {
    return { ...parse(), problem: null };
  } catch (error) {
    if (error instanceof AwsError) return { input: {}, problem: error };
    throw error;
  }
}

function signatureProblem(signature: Signature | null, header: string | undefined, read: Read): AwsError | null {
  const query = read.protocol === 'query';
  if (signature === null) {
    const [code, words] = header
      ? ['IncompleteSignature', "Authorization header requires 'Credential' parameter."]
      : ['MissingAuthenticationToken', 'Request is missing Authentication Token'];
    return new AwsError(query ? code : `${code}Exception`, words, query ? 403 : 400);
  }
  if (signature.service === read.service || read.service === '') return null;
  return new AwsError(
    'InvalidSignatureException',
    `Credential should be scoped to correct service: '${read.service}'. `,
  );
}

function unknownOperation({ protocol, service, operation, problem }: Read): AwsError | null {
  if (protocol !== 'query') {
    return isKnown(service, operation) ? null : new AwsError('UnknownOperationException', 'Unknown operation.');
  }
  if (!speaksQuery(service))
    return new AwsError('UnknownOperationException', `The service ${service} is not imitated.`, 404);
  // A form that cannot be read names no operation either.
  if (problem !== null) return problem;
  if (operation === '') return new AwsError('MissingAction', 'The request must contain the parameter Action');
  if (isKnown(service, operation)) return null;
  return new AwsError('InvalidAction', `Could not find operation ${operation}`);
}
