import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A provider that has people sign in somewhere else again, at an origin its description does not name. */
export type FarProvider = {
  readonly issuer: string;
  /** Origin of the page that asks who is there. */
  readonly farther: string;
  close(): void;
};

export async function farProvider(): Promise<FarProvider> {
  const farther = await serving((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Sign in at head office</h1>');
  });
  const near = await serving((request, response) => {
    const { origin: issuer } = near;
    if (request.url?.startsWith('/authorize')) {
      response.writeHead(302, { Location: `${farther.origin}/sign-in` }).end();
      return;
    }
    const description = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(description));
  });
  return {
    issuer: near.origin,
    farther: farther.origin,
    close: () => {
      near.close();
      farther.close();
    },
  };
}

async function serving(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
