import { AsyncLocalStorage } from 'node:async_hooks';
import { Server, type ServerResponse } from 'node:http';
import { toolProblemMarkup } from './domain/tool-problem';
import { routes } from './routes';

/** The answer a request is given, as long as it is being made. */
type Answer = { readonly response: ServerResponse; digest: string | null };

const PLACE = Symbol.for('ecs-rollback.answers');
type Place = { [PLACE]?: AsyncLocalStorage<Answer> };

type Emit = (this: Server, event: string | symbol, ...rest: unknown[]) => boolean;

/** Pages and the start of the process are bundled apart and share only the global object. */
function answers(): AsyncLocalStorage<Answer> {
  const place = globalThis as Place;
  place[PLACE] ??= new AsyncLocalStorage();
  return place[PLACE];
}

/**
 * Has every request know its answer. The framework lets no page choose its status, and makes pages that are not there or
 * that fail by script alone; people without script would look at nothing.
 */
export function keepAnswers(): void {
  const emit = Server.prototype.emit as Emit;
  Server.prototype.emit = function emitKnowing(event, ...rest) {
    const pass = (): boolean => emit.call(this, event, ...rest);
    if (event !== 'request') return pass();
    const response = rest[1] as ServerResponse;
    const answer: Answer = { response, digest: null };
    const heard = answers().run(answer, pass);
    speakWithoutScript(answer);
    return heard;
  } as Emit;
}

/** Gives the answer at hand a status; its page is an ordinary one. */
export function answerAs(status: number): void {
  const response = answers().getStore()?.response;
  if (response && !response.headersSent) response.statusCode = status;
}

/** Remembers the number under which the log has what the request at hand failed with. */
export function rememberDigest(digest: string | null): void {
  const answer = answers().getStore();
  if (answer) answer.digest = digest;
}

/** How the framework begins a page that its script is to fill with what went wrong. */
const EMPTY_PAGE = /<html id="__next_error__">.*?<body>/s;

/** Puts words into a page that failed. Outside of the framework's compression, which took `write` for itself before. */
function speakWithoutScript(answer: Answer): void {
  const { response } = answer;
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  let first = true;
  response.write = ((chunk: unknown, ...rest: unknown[]): boolean => {
    if (!first || response.statusCode < 500) return write(chunk, ...rest);
    first = false;
    return write(withWords(chunk, answer), ...rest);
  }) as ServerResponse['write'];
}

function withWords(chunk: unknown, { digest }: Answer): unknown {
  if (!(chunk instanceof Uint8Array)) return chunk;
  const html = Buffer.from(chunk).toString();
  const links = [
    { href: routes.record(), words: 'Rollback record' },
    { href: routes.services(), words: 'Services' },
    { href: routes.status(), words: 'Tool status' },
  ];
  const said = html.replace(EMPTY_PAGE, (begin) => `${begin}<noscript>${toolProblemMarkup(digest, links)}</noscript>`);
  return said === html ? chunk : Buffer.from(said);
}
