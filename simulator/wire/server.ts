import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { AwsError } from '@/simulator/aws-error';
import type { Principal } from '@/simulator/call';
import { type Command, execute, isRead } from '@/simulator/execute';
import { type Strike, UNHARMED } from '@/simulator/faults';
import { principalOf } from '@/simulator/principals';
import type { Simulation } from '@/simulator/simulation';
import { type Region, regionOf } from '@/simulator/world';
import { bodyOf, MOST_BYTES } from './body';
import type { LoggedCall } from './call-log';
import {
  badGateway,
  type Instead,
  inputUnder,
  insteadOf,
  resultUnder,
  sendUnder,
  serverError,
  throttled,
} from './misfortune';
import { errorReply, type Reply, resultReply } from './reply';
import { type WireRequest, wireRequest } from './request';

/** Answers one AWS request. Whatever comes in, the call log has an entry, and something goes out unless a fault forbids. */
export async function answerAws(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const asked = wireRequest(request.headers, typeof body === 'string' ? body : '');
  const who = signer(simulation, asked);
  const strike = asked.problem === null ? simulation.faults.strike(asked, Date.now()) : UNHARMED;
  const exchange = { asked, who, strike, response, logged: log(simulation, asked, who, strike) };
  if (typeof body !== 'string') return refuseBody(body.problem, exchange);
  const registration = simulation.registrations.begin(asked, exchange.logged.account ?? '');
  const delayMs = simulation.latencyMs + strike.delayMs;
  if (delayMs > 0) await pause(delayMs, undefined, { ref: false });
  registration.end();
  const instead = insteadOf(strike, asked, who) ?? refusal(registration.refused);
  if (instead === null) answer(exchange, carriedOut(simulation, exchange));
  else if (instead.kind === 'refuse') answer(exchange, errorReply(asked, instead.error, randomUUID()));
  else if (instead.kind === 'html') answer(exchange, badGateway());
  else if (instead.kind === 'drop') response.destroy();
}

const refusal = (error: AwsError | null): Instead | null => (error === null ? null : { kind: 'refuse', error });

/** One request on its way through. */
type Exchange = {
  readonly asked: WireRequest;
  readonly who: Principal | AwsError;
  readonly strike: Strike;
  readonly logged: LoggedCall;
  readonly response: ServerResponse;
};

/** Who signed the request, or what AWS says to them. */
function signer({ world }: Simulation, { signature, problem }: WireRequest): Principal | AwsError {
  if (problem !== null) return problem;
  if (signature === null) throw new Error('an unsigned request without a problem');
  return attempt(() => principalOf(world, signature, Date.now()));
}

function attempt<T>(act: () => T): T | AwsError {
  try {
    return act();
  } catch (error) {
    if (error instanceof AwsError) return error;
    console.error('The simulator failed:', error);
    return new AwsError('InternalFailure', 'The simulator failed; its terminal says how.', 500);
  }
}

function log({ calls }: Simulation, asked: WireRequest, who: Principal | AwsError, { fault }: Strike): LoggedCall {
  const { signature, service, operation, input, attempt: nth, invocationId } = asked;
  const known = who instanceof AwsError ? null : who;
  return calls.add({
    at: new Date().toISOString(),
    account: known?.account ?? null,
    region: signature?.region ?? null,
    service,
    operation,
    input,
    status: null,
    error: null,
    principal: known?.arn ?? null,
    attempt: nth,
    invocationId,
    applied: false,
    fault,
  });
}

/** Lets the engine carry the request out and words its answer. */
function carriedOut(simulation: Simulation, { asked, who, strike, logged }: Exchange): Reply {
  const requestId = randomUUID();
  const { service, operation } = asked;
  if (who instanceof AwsError) return errorReply(asked, who, requestId);
  const region = asked.signature?.region ?? '';
  if (simulation.quotas?.take({ account: who.account, region, service, operation }, Date.now()) === false) {
    return errorReply(asked, throttled(service), requestId);
  }
  const command = { service, operation, region, input: inputUnder(strike, asked), principal: who };
  const seen = view(simulation, command, strike);
  const result = attempt(() => execute(simulation.world, Date.now(), { ...command, seen }));
  if (result instanceof AwsError) return errorReply(asked, result, requestId);
  logged.applied = true;
  if (strike.fault === 'error-after-apply') return errorReply(asked, serverError(service), requestId);
  return resultReply(asked, resultUnder(strike, asked, result), requestId);
}

/** The region as a stale read sees it; `undefined` for one that sees it as it is. */
function view(
  { world, faults, past }: Simulation,
  { region: name, operation, principal }: Command,
  { staleMs }: Strike,
): Region | undefined {
  const oldestMs = faults.oldestMs();
  if (oldestMs === null) return undefined;
  const region = regionOf(world, principal.account, name);
  const now = Date.now();
  past.look(region, { now, oldestMs, write: !isRead(operation) });
  return staleMs === null ? undefined : past.at(region, now - staleMs);
}

function answer({ strike, response, logged }: Exchange, reply: Reply): void {
  if (response.destroyed || !sendUnder(strike, response, reply)) return;
  logged.status = reply.status;
  logged.error = reply.error;
}

function refuseBody(problem: 'too-large' | 'cut', exchange: Exchange): void {
  if (problem === 'cut') return;
  const words = `Request body must not exceed ${MOST_BYTES} bytes.`;
  // What is still on its way is not read, so the connection cannot be used again.
  exchange.response.setHeader('connection', 'close');
  answer(
    exchange,
    errorReply(exchange.asked, new AwsError('RequestEntityTooLargeException', words, 413), randomUUID()),
  );
}
