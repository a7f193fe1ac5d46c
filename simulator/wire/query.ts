import { AwsError } from '@/simulator/aws-error';
import type { Input } from '@/simulator/call';
import { namespaceOf } from './services';

/** A form as it is gathered: a text, or members by name. */
type Node = string | Map<string, Node>;

const DEEPEST = 12;

/** A Query request: what to do and with what. `A.member.2.B=c` becomes `{ A: [ …, { B: 'c' } ] }`. */
export function parsedQuery(body: string): { readonly action: string; readonly input: Input } {
  const root = new Map<string, Node>();
  for (const [name, value] of new URLSearchParams(body)) put(root, name.split('.'), value);
  const action = root.get('Action');
  root.delete('Action');
  root.delete('Version');
  return { action: typeof action === 'string' ? action : '', input: plain(root) as Input };
}

function put(node: Map<string, Node>, path: readonly string[], value: string): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    node.set(name, value);
    return;
  }
  if (rest.length > DEEPEST) throw new AwsError('MalformedQueryString', 'The query string is nested too deeply.');
  const known = node.get(name);
  const child = known instanceof Map ? known : new Map<string, Node>();
  node.set(name, child);
  put(child, rest, value);
}

/** Members in the order of their numbers where there is nothing but a list, else a structure. */
function plain(node: Node): unknown {
  if (typeof node === 'string') return node;
  const list = node.get('member');
  if (node.size === 1 && list instanceof Map) {
    return [...list].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => plain(item));
  }
  // An empty list goes out as `Name=`, which is what an empty text looks like too.
  return Object.fromEntries([...node].map(([name, value]) => [name, plain(value)]));
}

/** A reply of a Query service: XML, lists as `member` elements, dates in ISO 8601. */
export function xmlReply(service: string, action: string, value: object, requestId: string): string {
  const result = `<${action}Result>${members(value)}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${action}Response xmlns="${namespaceOf(service)}">${result}${metadata}</${action}Response>`;
}

/** An error of a Query service. */
export function xmlError(service: string, { code, message, status }: AwsError, requestId: string): string {
  const kind = status >= 500 ? 'Receiver' : 'Sender';
  const error = `<Error><Type>${kind}</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return `<ErrorResponse xmlns="${namespaceOf(service)}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
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

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Text as XML takes it; control characters have no place in XML at all. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
