import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { AwsError } from '@/simulator/aws-error';
import type { Principal } from '@/simulator/call';
import { execute } from '@/simulator/execute';
import { principalOf } from '@/simulator/principals';
import type { Simulation } from '@/simulator/simulation';
import { bodyOf, MOST_BYTES } from './body';
import type { LoggedCall } from './call-log';
import { errorReply, type Reply, resultReply, send } from './reply';
import { type WireRequest, wireRequest } from './request';

/** Answers one AWS request. Whatever comes in, something goes out, and the call log has an entry. */
export async function answerAws(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const asked = wireRequest(request.headers, typeof body === 'string' ? body : '');
  const who = signer(simulation, asked);
  const logged = log(simulation, asked, who);
  if (typeof body !== 'string') return refuseBody(body.problem, { asked, logged, response });
  if (simulation.latencyMs > 0) await pause(simulation.latencyMs);
  finish(response, logged, carriedOut(simulation, asked, who, logged));
}

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

function log({ calls }: Simulation, asked: WireRequest, who: Principal | AwsError): LoggedCall {
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
  });
}

/** Lets the engine carry the request out and words its answer. */
function carriedOut(simulation: Simulation, asked: WireRequest, who: Principal | AwsError, logged: LoggedCall): Reply {
  const requestId = randomUUID();
  const { service, operation, input, signature } = asked;
  if (who instanceof AwsError) return errorReply(asked, who, requestId);
  const region = signature?.region ?? '';
  const result = attempt(() =>
    execute(simulation.world, Date.now(), { service, operation, region, input, principal: who }),
  );
  if (result instanceof AwsError) return errorReply(asked, result, requestId);
  logged.applied = true;
  return resultReply(asked, result, requestId);
}

function finish(response: ServerResponse, logged: LoggedCall, reply: Reply): void {
  if (response.destroyed) return;
  logged.status = reply.status;
  logged.error = reply.error;
  send(response, reply);
}

type Exchange = { readonly asked: WireRequest; readonly logged: LoggedCall; readonly response: ServerResponse };

function refuseBody(problem: 'too-large' | 'cut', { asked, logged, response }: Exchange): void {
  if (problem === 'cut') return;
  const words = `Request body must not exceed ${MOST_BYTES} bytes.`;
  // What is still on its way is not read, so the connection cannot be used again.
  response.setHeader('connection', 'close');
  finish(response, logged, errorReply(asked, new AwsError('RequestEntityTooLargeException', words, 413), randomUUID()));
}
