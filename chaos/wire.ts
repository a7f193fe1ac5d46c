import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that changes AWS, as it left a dashboard. */
export type Written = {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Access key it was signed with: a role session's, of one rollback. */
  readonly accessKeyId: string;
  readonly at: number;
};

/** A request that is still on its way though its sender has given up. */
export type Underway = Written & {
  deliver(): Promise<void>;
  lose(): void;
};

/** The network between dashboards and AWS. */
export type Wire = {
  readonly url: string;
  /** Told of every request that changes AWS: when it has left, before it reaches AWS, and when AWS has dealt with it. */
  onWrite: (written: Written, phase: 'sent' | 'arriving' | 'dealt-with') => Promise<void>;
  /** Keeps the next request of an operation on its way, and breaks its connection. */
  keepNext(operation: string): void;
  /** Requests that are kept, oldest first. */
  underway(): readonly Underway[];
  reset(): void;
  close(): Promise<void>;
};

const WRITES = /^(Register|Update|Stop)/;

/** A network that leads to AWS's address. */
export async function startWire(to: string): Promise<Wire> {
  const keep = new Set<string>();
  let underway: readonly Underway[] = [];
  const leave = (one: Underway): void => {
    underway = underway.filter((other) => other !== one);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const wire: Wire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onWrite: async () => undefined,
    keepNext: (operation) => keep.add(operation),
    underway: () => underway,
    reset: () => {
      keep.clear();
      underway = [];
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const written = writtenIn(request, body);
    if (written === null) return forward(request, body, response);
    await wire.onWrite(written, 'sent');
    const arrive = async (answer: ServerResponse | null): Promise<void> => {
      await wire.onWrite(written, 'arriving');
      await forward(request, body, answer, () => wire.onWrite(written, 'dealt-with'));
    };
    if (!keep.delete(written.operation)) return arrive(response);
    const one: Underway = {
      ...written,
      lose: () => leave(one),
      deliver: async () => {
        leave(one);
        await arrive(null);
      },
    };
    underway = [...underway, one];
    response.destroy();
  }

  /** Sends a request on, and the answer back as it comes; `dealtWith` is awaited before its end is let through. */
  function forward(
    { headers, url, method }: IncomingMessage,
    body: Buffer,
    response: ServerResponse | null,
    dealtWith: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    return new Promise((resolve) => {
      let isOver = false;
      const over = (finish: () => void): void => {
        if (isOver) return;
        isOver = true;
        void dealtWith().then(finish).then(resolve);
      };
      const onward = ask(
        `${to}${url ?? '/'}`,
        { method, headers: { ...headers, host: new URL(to).host } },
        (answer) => {
          response?.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.on('data', (part: Buffer) => response?.write(part));
          answer.once('end', () => over(() => void response?.end()));
          answer.once('error', () => over(() => void response?.destroy()));
        },
      );
      onward.once('error', () => over(() => void response?.destroy()));
      // A caller that gave up waits no more; AWS has the request all the same.
      response?.once('close', () => over(() => void onward.destroy()));
      onward.end(body);
    });
  }
  return wire;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function writtenIn({ headers }: IncomingMessage, body: Buffer): Written | null {
  const [, operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  if (!WRITES.test(operation)) return null;
  const [, accessKeyId = ''] = /Credential=([^/]+)/.exec(String(headers.authorization)) ?? [];
  return { operation, input: JSON.parse(body.toString('utf8')), accessKeyId, at: Date.now() };
}
