import 'server-only';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { NodeHttpHandlerOptions } from '@smithy/node-http-handler';

/** How long calls may take, in milliseconds. Constants of the application; tests pass shorter ones. */
export type Timeouts = {
  readonly connectMs: number;
  /** From sending a request to the head of its answer, and of silence while a body comes. */
  readonly answerMs: number;
  /** One reading call with its repeats, once our own budget let it go. */
  readonly readCallMs: number;
  /** One writing request in all. */
  readonly writeCallMs: number;
};

export const TIMEOUTS: Timeouts = { connectMs: 2_000, answerMs: 8_000, readCallMs: 10_000, writeCallMs: 9_000 };

/** Timeouts as a request handler takes them. Without the last member the SDK would only log a late answer. */
export const handlerTimeouts = ({ connectMs, answerMs }: Timeouts) =>
  ({
    connectionTimeout: connectMs,
    requestTimeout: answerMs,
    socketTimeout: answerMs,
    throwOnRequestTimeout: true,
  }) as const;

/** How often a read is tried in all. */
export const READ_ATTEMPTS = 3;

/** What every client is built with, so that no environment variable or profile changes how often it asks. */
export const READING = { maxAttempts: READ_ATTEMPTS, retryMode: 'standard', defaultsMode: 'standard' } as const;

/** The same for what changes AWS: one attempt, whatever the environment says. */
export const WRITING = { maxAttempts: 1, retryMode: 'standard', defaultsMode: 'standard' } as const;

/** Connections that reading clients of one target share. */
export function sharedConnections(timeouts: Timeouts): NodeHttpHandlerOptions & { readonly close: () => void } {
  const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: 50 });
  const httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: 50 });
  const close = (): void => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  return { ...handlerTimeouts(timeouts), httpAgent, httpsAgent, close };
}
