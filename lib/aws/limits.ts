import 'server-only';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { NodeHttpHandlerOptions } from '@smithy/node-http-handler';

/** How long one request may take, in milliseconds. A stalled body ends by the socket's silence. */
export const REQUEST_TIMEOUTS = {
  connectionTimeout: 2_000,
  requestTimeout: 8_000,
  socketTimeout: 8_000,
  throwOnRequestTimeout: true,
} as const;

/** How long one reading call may take with its repeats, in milliseconds, once our own budget let it go. */
export const READ_CALL_MS = 10_000;

/** How long one writing request may take, in milliseconds. */
export const WRITE_CALL_MS = 9_000;

/** How often a read is tried in all. */
export const READ_ATTEMPTS = 3;

/** What every client is built with, so that no environment variable or profile changes how often it asks. */
export const READING = { maxAttempts: READ_ATTEMPTS, retryMode: 'standard', defaultsMode: 'standard' } as const;

/** The same for what changes AWS: one attempt, whatever the environment says. */
export const WRITING = { maxAttempts: 1, retryMode: 'standard', defaultsMode: 'standard' } as const;

/** Connections that reading clients of one target share. */
export function sharedConnections(): NodeHttpHandlerOptions & { readonly close: () => void } {
  const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: 50 });
  const httpsAgent = new HttpsAgent({ keepAlive: true, maxSockets: 50 });
  const close = (): void => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  return { ...REQUEST_TIMEOUTS, httpAgent, httpsAgent, close };
}
