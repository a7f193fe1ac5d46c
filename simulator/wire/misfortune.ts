import type { ServerResponse } from 'node:http';
import { AwsError } from '@/simulator/aws-error';
import type { Input, Principal } from '@/simulator/call';
import type { Strike } from '@/simulator/faults';
import { firstToken } from '@/simulator/page';
import { accessDenied } from '@/simulator/permissions';
import { expiredToken, isQuery } from '@/simulator/principals';
import { type Reply, send } from './reply';
import type { WireRequest } from './request';

/** A fault that is over and done with before the operation would be carried out. */
export type Instead =
  | { readonly kind: 'refuse'; readonly error: AwsError }
  | { readonly kind: 'html' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang' };

/** What happens instead of the operation; `null` where it is carried out. */
export function insteadOf({ fault, applied }: Strike, asked: WireRequest, who: Principal | AwsError): Instead | null {
  const { service } = asked;
  if (fault === 'throttle') return { kind: 'refuse', error: throttled(service) };
  if (fault === 'server-error') return { kind: 'refuse', error: serverError(service) };
  if (fault === 'expired-token') return { kind: 'refuse', error: expiredToken(service) };
  if (fault === 'access-denied') return { kind: 'refuse', error: who instanceof AwsError ? who : denied(asked, who) };
  if (fault === 'bad-gateway-html') return { kind: 'html' };
  if (fault === 'drop-before-apply') return { kind: 'drop' };
  return fault === 'hang' && !applied ? { kind: 'hang' } : null;
}

const denied = ({ service, operation, input, signature }: WireRequest, who: Principal): AwsError =>
  accessDenied(who, { account: who.account, name: signature?.region ?? '' }, service, operation, input);

/** What a service says to too many requests. */
export const throttled = (service: string): AwsError =>
  new AwsError(isQuery(service) ? 'Throttling' : 'ThrottlingException', 'Rate exceeded');

/** How each service calls a failure of its own. */
const SERVER_ERRORS: Readonly<Record<string, string>> = {
  ecs: 'ServerException',
  ecr: 'ServerException',
  ssm: 'InternalServerError',
  secretsmanager: 'InternalServiceError',
  logs: 'ServiceUnavailableException',
  monitoring: 'InternalServiceFault',
  'application-autoscaling': 'InternalServiceException',
  iam: 'ServiceFailure',
};

/** What a service says when it fails itself. */
export const serverError = (service: string): AwsError =>
  new AwsError(SERVER_ERRORS[service] ?? 'InternalFailure', 'Service Unavailable. Please try again later.', 500);

/** The input as a fault has it: `short-page` gives one thing a page. */
export function inputUnder({ fault }: Strike, { service, input }: WireRequest): Input {
  return fault === 'short-page' ? { ...input, [namesOf(service).size]: 1 } : input;
}

/** A result as a fault has it: an empty page with more to come, or a page that leads back to itself. */
export function resultUnder({ fault }: Strike, { service, input }: WireRequest, result: object): object {
  if (fault !== 'empty-page' && fault !== 'repeated-page') return result;
  const { token } = namesOf(service);
  const again = { [token]: input[token] ?? firstToken };
  if (fault === 'repeated-page') return { ...result, ...again };
  const emptied = Object.entries(result).map(([name, value]) => [name, Array.isArray(value) ? [] : value]);
  return { ...Object.fromEntries(emptied), ...again };
}

/** How a service names the size and the token of a page. */
function namesOf(service: string): { readonly size: string; readonly token: string } {
  if (service === 'ssm' || service === 'application-autoscaling') return { size: 'MaxResults', token: 'NextToken' };
  if (service === 'monitoring') return { size: 'MaxRecords', token: 'NextToken' };
  if (service === 'logs') return { size: 'limit', token: 'nextToken' };
  return { size: 'maxResults', token: 'nextToken' };
}

const GATEWAY: Reply = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
  error: 'bad-gateway-html',
};

/** The reply of a gateway that reaches nobody behind it. */
export const badGateway = (): Reply => GATEWAY;

/** Sends a reply that breaks off in its middle. */
export function sendHalf(response: ServerResponse, { status, headers, body }: Reply): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

/** Sends the head of a reply and never its body. */
export function sendHeadAlone(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.flushHeaders();
}

/** Sends a reply as a fault has it; says whether anything was sent. */
export function sendUnder({ fault }: Strike, response: ServerResponse, reply: Reply): boolean {
  if (fault === 'hang') return false;
  if (fault === 'drop-after-apply') {
    response.destroy();
    return false;
  }
  if (fault === 'truncate') sendHalf(response, reply);
  else if (fault === 'stall') sendHeadAlone(response, reply);
  else send(response, reply);
  return true;
}
