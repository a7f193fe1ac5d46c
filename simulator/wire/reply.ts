import type { ServerResponse } from 'node:http';
import type { AwsError } from '@/simulator/aws-error';
import { jsonError, jsonReply } from './json';
import { xmlError, xmlReply } from './query';
import type { WireRequest } from './request';

/** What goes back on the wire. */
export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Code of the error it tells, `null` for a result. */
  readonly error: string | null;
};

const contentTypeOf = ({ protocol }: WireRequest): string =>
  protocol === 'query' ? 'text/xml' : `application/x-amz-${protocol}`;

/** A result in the protocol of the request. */
export function resultReply(request: WireRequest, value: object, requestId: string): Reply {
  const { protocol, service, operation } = request;
  const body = protocol === 'query' ? xmlReply(service, operation, value, requestId) : jsonReply(value);
  const headers = { 'content-type': contentTypeOf(request), 'x-amzn-requestid': requestId };
  return { status: 200, headers, body, error: null };
}

/** An error in the protocol of the request. */
export function errorReply(request: WireRequest, error: AwsError, requestId: string): Reply {
  const { protocol, service } = request;
  const { status, code } = error;
  const body = protocol === 'query' ? xmlError(service, error, requestId) : jsonError(error);
  const headers = {
    'content-type': contentTypeOf(request),
    'x-amzn-requestid': requestId,
    // CloudWatch's callers know its error codes by the names they had in XML.
    ...(protocol === 'json-1.0' && { 'x-amzn-query-error': `${code};${status >= 500 ? 'Receiver' : 'Sender'}` }),
  };
  return { status, headers, body, error: code };
}

/** Sends a reply whole. */
export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
