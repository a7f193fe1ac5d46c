import { ACCOUNT, REGION } from './fixtures';

/** How services are addressed: by target header, or as a form of a version. */
const ADDRESSES: Readonly<Record<string, { readonly target: string } | { readonly version: string }>> = {
  ecs: { target: 'AmazonEC2ContainerServiceV20141113' },
  ecr: { target: 'AmazonEC2ContainerRegistry_V20150921' },
  ssm: { target: 'AmazonSSM' },
  secretsmanager: { target: 'secretsmanager' },
  'application-autoscaling': { target: 'AnyScaleFrontendService' },
  logs: { target: 'Logs_20140328' },
  monitoring: { target: 'GraniteServiceVersion20100801' },
  sts: { version: '2011-06-15' },
  iam: { version: '2010-05-08' },
  elasticloadbalancing: { version: '2015-12-01' },
};

/** One request as it is sent, without any SDK. */
export type RawCall = {
  readonly service: string;
  readonly operation: string;
  /** An object for a JSON service, or the text of the body. */
  readonly input?: object | string;
  readonly account?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What came back, unread. */
export type RawReply = { readonly status: number; readonly headers: Headers; readonly body: string };

/** Sends one request and gives back what came over the wire. */
export async function rawCall(url: string, call: RawCall): Promise<RawReply> {
  const { service, operation, input = {}, account = ACCOUNT, headers = {} } = call;
  const address = ADDRESSES[service] ?? { target: service };
  const json = 'target' in address;
  const response = await fetch(`${url}/`, {
    method: 'POST',
    headers: {
      'content-type': json ? 'application/x-amz-json-1.1' : 'application/x-www-form-urlencoded',
      ...(json && { 'x-amz-target': `${address.target}.${operation}` }),
      authorization: `AWS4-HMAC-SHA256 Credential=AKIA${account}DEMO/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      ...headers,
    },
    body: typeof input === 'string' ? input : json ? JSON.stringify(input) : formOf(operation, address.version, input),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const formOf = (operation: string, version: string, input: object): string =>
  new URLSearchParams({ Action: operation, Version: version, ...input }).toString();
