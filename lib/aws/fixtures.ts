import 'server-only';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Target } from '@/lib/domain/target';
import type { Timeouts } from './limits';

/** A request as it reached the socket of a {@link startWire}. */
export type Received = {
  /** Last part of the target header, or `Action` of a form. */
  readonly operation: string;
  /** The JSON body, or the form's members. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
};

/** Answers one request in any way a server can. */
export type Answer = (response: ServerResponse, received: Received) => void;

/** A server on loopback that answers as it is told, and remembers what it was asked. */
export type Wire = {
  readonly url: string;
  readonly received: readonly Received[];
  /** How often an operation reached it. */
  times(operation: string): number;
  /** Answers of an operation, in turn; the last one stays. */
  on(operation: string, ...answers: readonly Answer[]): void;
  close(): Promise<void>;
};

/** Timeouts short enough to wait for. */
export const SHORT: Timeouts = { connectMs: 300, answerMs: 300, readCallMs: 1_000, writeCallMs: 600 };

/** One valid target without roles. */
export const TARGET: Target = {
  name: 'production',
  account: '111111111111',
  region: 'eu-west-1',
  readerRole: null,
  writerRole: null,
  externalId: null,
  clusters: null,
  protected: true,
  colour: 'red',
  pipelineUrl: null,
  operators: [],
  viewers: [],
  services: [],
};

/** Starts a server that answers every operation it was not told about with 501. */
export async function startWire(): Promise<Wire> {
  const received: Received[] = [];
  const answers = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    void readRequest(request).then((one) => {
      received.push(one);
      const queue = answers.get(one.operation) ?? [];
      const answer = queue.length > 1 ? queue.shift() : queue[0];
      if (answer === undefined) response.writeHead(501).end();
      else answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    times: (operation) => received.filter((one) => one.operation === operation).length,
    on: (operation, ...told) => answers.set(operation, [...told]),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const { headers } = request;
  const target = String(headers['x-amz-target'] ?? '');
  if (target !== '') {
    return { operation: target.slice(target.indexOf('.') + 1), input: JSON.parse(body), headers };
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  return { operation: form.Action ?? request.url ?? '', input: form, headers };
}

/** A JSON answer as ECS gives it. */
export const json =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request-1' });
    response.end(JSON.stringify(body));
  };

/** An error as ECS gives it. */
export const error = (name: string, message = 'words of AWS', status = 400): Answer =>
  json({ __type: name, message }, status);

/** Any text, as a proxy would answer. */
export const text =
  (body: string, status: number, contentType = 'text/html'): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body);
  };

/** Credentials that end at a time, as STS gives them. */
export const assumed =
  (accessKeyId: string, expiresAt: number): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
      <Expiration>${new Date(expiresAt).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`);
  };

/** An error of the services that answer in XML. */
export const xmlError =
  (code: string, message: string, status: number): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
  };
