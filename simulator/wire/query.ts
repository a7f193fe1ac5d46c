import type { AwsError } from '@/simulator/aws-error';
import type { Input } from '@/simulator/call';

/** A Query request: what to do and with what, lists gathered from their numbered members. */
export function parsedQuery(body: string): { readonly action: string; readonly input: Input } {
  const fields = [...new URLSearchParams(body)];
  const action = fields.find(([name]) => name === 'Action')?.[1] ?? '';
  const lists = new Map<string, string[]>();
  const plain = new Map<string, string>();
  for (const [name, value] of fields) {
    if (name === 'Action' || name === 'Version') continue;
    const [, list] = /^(\w+)\.member\.\d+$/.exec(name) ?? [];
    if (list === undefined) plain.set(name, value);
    else lists.set(list, [...(lists.get(list) ?? []), value]);
  }
  return { action, input: Object.fromEntries([...plain, ...lists]) };
}

const NAMESPACES: Readonly<Record<string, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  elasticloadbalancing: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
};

/** A reply of a Query service: XML, lists as `member` elements, dates in ISO 8601. */
export function xmlReply(service: string, action: string, value: object, requestId: string): string {
  const result = `<${action}Result>${members(value)}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${action}Response xmlns="${NAMESPACES[service] ?? ''}">${result}${metadata}</${action}Response>`;
}

/** An error of a Query service. */
export function xmlError(service: string, { code, message, status }: AwsError, requestId: string): string {
  const kind = status >= 500 ? 'Receiver' : 'Sender';
  const error = `<Error><Type>${kind}</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return `<ErrorResponse xmlns="${NAMESPACES[service] ?? ''}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
}

const members = (value: object): string =>
  Object.entries(value)
    .filter(([, member]) => member !== undefined && member !== null)
    .map(([name, member]) => `<${name}>${xml(member)}</${name}>`)
    .join('');

function xml(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('');
  if (value !== null && typeof value === 'object') return members(value);
  return escaped(String(value));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
