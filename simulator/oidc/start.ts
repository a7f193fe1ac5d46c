import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { type Client, configurationFor } from './configuration';
import { answerOwn } from './routes';
import { openStore } from './store';

/** How a provider is started. */
export type ProviderOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  readonly client: Client;
  /** File that keeps keys, sessions and groups from one start to the next; without one nothing is kept. */
  readonly storeFile?: string;
};

/** A provider that answers. */
export type RunningProvider = { readonly issuer: string; close(): Promise<void> };

/** Starts an OpenID provider on loopback, with the accounts of the demo. */
export async function startProvider({ port, client, storeFile }: ProviderOptions): Promise<RunningProvider> {
  const store = openStore(storeFile);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configurationFor(client, store));
  provider.on('server_error', (_context, error) => console.error('The provider failed:', error));
  const protocol = provider.callback();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!(await answerOwn({ provider, store }, { request, response }))) await protocol(request, response);
  };
  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error('The provider failed:', error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  return {
    issuer,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      store.close();
    },
  };
}
