import 'server-only';
import type { MiddlewareStack } from '@smithy/types';

/** Where a client of one AWS service sends its requests. */
export type ResolvedEndpoint = {
  /** AWS's short name, such as `ecs`. */
  readonly service: string;
  readonly url: string;
  /** Whether something else than AWS's own endpoint stands there. */
  readonly overridden: boolean;
};

/** Hosts that are AWS's own. */
const OF_AWS =
  /\.(amazonaws\.(com(\.cn)?|eu)|api\.aws|api\.amazonwebservices\.com\.cn|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** Ends a command once its address is known, before anything is signed or sent. */
class Addressed extends Error {
  constructor(readonly url: string) {
    super('addressed');
    this.name = 'Addressed';
  }
}

type Addressee = {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
};

/** What a command is built of, as far as its address goes. */
type Addressable<I extends object, O extends object> = { readonly middlewareStack: MiddlewareStack<I, O> };

/**
 * The address a client would send a command to, by the SDK's own rules and variables. Nothing is sent.
 *
 * @param send - Sends the command with the client.
 */
export async function endpointOf<I extends object, O extends object>(
  service: string,
  command: Addressable<I, O>,
  send: () => Promise<unknown>,
): Promise<ResolvedEndpoint> {
  command.middlewareStack.add(
    () => async (args) => {
      const { protocol, hostname, port, path } = args.request as Addressee;
      const host = port === undefined ? hostname : `${hostname}:${port}`;
      throw new Addressed(`${protocol}//${host}${path.replace(/\/$/, '')}`);
    },
    { step: 'build', priority: 'low', name: 'stopBeforeSending' },
  );
  try {
    await send();
  } catch (error) {
    if (error instanceof Addressed) {
      return { service, url: error.url, overridden: !OF_AWS.test(new URL(error.url).hostname) };
    }
    throw error;
  }
  throw new Error(`The address of ${service} could not be found out.`);
}
