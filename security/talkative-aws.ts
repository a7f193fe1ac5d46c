import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What AWS says more than it should, of the operation it is asked for. */
export type Talk = {
  /** Refuses these operations, and quotes the whole request in its words. */
  quotes: ReadonlySet<string>;
  /** Answers these half, so that a parser complains of what it read last. */
  truncates: ReadonlySet<string>;
  /** Changes an answer before it is passed on. */
  adds: ((operation: string, answer: Record<string, unknown>) => void) | null;
};

/** An AWS that passes everything on to another one, and talks. */
export type TalkativeAws = { readonly port: number; readonly talk: Talk; close(): Promise<void> };

export async function talkativeAws(behind: string): Promise<TalkativeAws> {
  const talk: Talk = { quotes: new Set(), truncates: new Set(), adds: null };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const operation =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    if (talk.quotes.has(operation)) {
      const refusal = { __type: 'ClientException', message: `Invalid request: ${body}` };
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(refusal));
      return;
    }
    const passed = await passOn(behind, request, body);
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = passed.headers;
    response.writeHead(passed.status, headers).end(retold(operation, passed.body));
  }

  function retold(operation: string, body: string): string {
    if (talk.truncates.has(operation)) return body.slice(0, Math.floor(body.length * 0.6));
    if (talk.adds === null || !body.startsWith('{')) return body;
    const parsed = JSON.parse(body) as Record<string, unknown>;
    talk.adds(operation, parsed);
    return JSON.stringify(parsed);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    talk,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The host stays as it was signed. */
function passOn(behind: string, { url, method, headers }: IncomingMessage, body: string) {
  const { hostname, port } = new URL(behind);
  return new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>((resolve, reject) => {
    const sent = ask({ hostname, port, path: url, method, headers }, (response) => {
      textOf(response).then(
        (text) => resolve({ status: response.statusCode ?? 500, headers: response.headers, body: text }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
