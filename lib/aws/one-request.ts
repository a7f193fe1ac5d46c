import 'server-only';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { DEADLINE, NotSent } from './answer';
import type { Deadline } from './deadline';
import { handlerTimeouts, type Timeouts } from './limits';

type Handle = NodeHttpHandler['handle'];

/** A request handler that lets exactly one request pass. */
export type OneRequest = {
  readonly metadata: { readonly handlerProtocol: string };
  readonly handle: Handle;
  readonly destroy: () => void;
};

/**
 * Lets exactly one signed request pass, and only while none of the deadlines is over: they are asked after signing,
 * just before the socket.
 *
 * A request whose connection never came about is known not to have been sent, whatever the error is called.
 */
export function oneRequest(deadlines: readonly Deadline[], timeouts: Timeouts): OneRequest {
  const wire = watchedWire(timeouts);
  let passed = false;
  return {
    metadata: wire.handler.metadata,
    handle: async (request, options) => {
      if (passed) throw new Error('A second request of a client that sends one.');
      passed = true;
      if (deadlines.some((isOver) => isOver())) throw new NotSent(DEADLINE);
      try {
        return await wire.handler.handle(request, options);
      } catch (error) {
        if (wire.wasOpen()) throw error;
        throw new NotSent(codeOf(error));
      }
    },
    destroy: () => wire.handler.destroy(),
  };
}

/** A handler with connections of its own, which knows whether one of them ever stood. */
function watchedWire(timeouts: Timeouts): { readonly handler: NodeHttpHandler; readonly wasOpen: () => boolean } {
  let open = false;
  const watch = <A extends HttpAgent>(agent: A, ready: 'connect' | 'secureConnect'): A => {
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (...args: Parameters<typeof connect>) => {
      const socket = connect(...args);
      // Without a socket in hand nothing can be watched, so nothing is claimed.
      if (!socket) open = true;
      else
        socket.once(ready, () => {
          open = true;
        });
      return socket;
    };
    return agent;
  };
  const handler = new NodeHttpHandler({
    ...handlerTimeouts(timeouts),
    httpAgent: watch(new HttpAgent({ keepAlive: false }), 'connect'),
    httpsAgent: watch(new HttpsAgent({ keepAlive: false }), 'secureConnect'),
  });
  return { handler, wasOpen: () => open };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unnamed';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
