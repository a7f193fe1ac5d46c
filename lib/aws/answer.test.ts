import { describe, expect, it } from 'vitest';
import { answerOf, answerTo, mayRegisterAgain, NotSent } from './answer';

/** An error as the SDK throws it. */
const thrown = (members: Record<string, unknown>, message = 'words of AWS'): Error =>
  Object.assign(new Error(message), members);

const named = (name: string, httpStatusCode: number): Error =>
  thrown({ name, $fault: httpStatusCode < 500 ? 'client' : 'server', $metadata: { httpStatusCode, requestId: 'r-1' } });

describe('an answer to a change', () => {
  it('is accepted only when the answer shows the change', async () => {
    expect(
      await answerTo(
        async () => 'ours',
        (value) => value === 'ours',
      ),
    ).toEqual({ kind: 'accepted', value: 'ours' });
    expect(
      await answerTo(
        async () => 'another',
        (value) => value === 'ours',
      ),
    ).toMatchObject({ kind: 'unclear' });
  });

  it.each([
    ['AccessDeniedException', 400],
    ['ClientException', 400],
    ['InvalidParameterException', 400],
    ['ServiceNotActiveException', 400],
    ['ThrottlingException', 400],
    ['ExpiredTokenException', 400],
    ['UnrecognizedClientException', 400],
    ['ConflictException', 409],
    ['AccessDenied', 403],
  ])('is a refusal when AWS names %s with status %i', (name, status) => {
    expect(answerOf(named(name, status))).toEqual({
      kind: 'refused',
      code: name,
      words: 'words of AWS',
      requestId: 'r-1',
    });
  });

  it('is a refusal that names the clock when AWS finds the signature out of its time', () => {
    expect(answerOf(named('InvalidSignatureException', 403))).toMatchObject({
      kind: 'refused',
      words: 'words of AWS (the clock of the machine this tool runs on may be wrong)',
    });
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED'])('was not sent when there was no connection: %s', (code) => {
    expect(answerOf(thrown({ code }))).toEqual({ kind: 'not-sent', cause: code, late: false });
  });

  it('was not sent when there was nothing to sign it with', () => {
    expect(answerOf(thrown({ name: 'CredentialsProviderError' }))).toMatchObject({ kind: 'not-sent', late: false });
  });

  it('was not sent when our own deadline stopped it, and says that it was late', () => {
    expect(answerOf(new NotSent('deadline'))).toEqual({ kind: 'not-sent', cause: 'deadline', late: true });
    expect(answerOf(new NotSent('ECONNREFUSED'))).toMatchObject({ kind: 'not-sent', late: false });
  });

  it.each([
    ['a server error with a name', named('ServerException', 500)],
    ['an overloaded server with a name', named('ServiceUnavailable', 503)],
    ['a refusal without a name', named('Unknown', 400)],
    ['a throttle without a name', named('Unknown', 429)],
    ['a request that timed out at AWS', named('RequestTimeout', 400)],
    ['a request that timed out at AWS, in its other spelling', named('RequestTimeoutException', 408)],
    ['a page of a proxy in place of an answer', thrown({ name: 'SyntaxError', $metadata: { httpStatusCode: 502 } })],
    ['a page of a proxy that says "forbidden"', thrown({ name: 'SyntaxError', $metadata: { httpStatusCode: 403 } })],
    ['a body cut short', thrown({ $metadata: { httpStatusCode: 200 } }, 'aborted')],
    ['a name with status 200', named('ClientException', 200)],
    ['a timeout', thrown({ name: 'TimeoutError' })],
    ['a closed socket', thrown({ name: 'TimeoutError', code: 'ECONNRESET' })],
    ['a broken pipe', thrown({ code: 'EPIPE' })],
    ['an unreachable host', thrown({ code: 'EHOSTUNREACH' })],
    ['an aborted call', thrown({ name: 'AbortError' })],
    [
      'a connection that was refused after an answer began',
      thrown({ code: 'ECONNREFUSED', $metadata: { httpStatusCode: 200 } }),
    ],
    ['an error nobody foresaw', new Error('?')],
    ['a text', 'no error at all'],
    ['nothing', undefined],
  ])('is unclear after %s', (_title, error) => {
    expect(answerOf(error).kind).toBe('unclear');
  });

  it('quotes AWS without the values of the definition', () => {
    const answer = answerOf(named('ClientException', 400), ['words']);
    expect(answer).toMatchObject({ words: '[hidden] of AWS' });
  });
});

describe('registering again', () => {
  it('is allowed after an unclear answer, a throttle, concurrent attempts and a request that never left', () => {
    const concurrent = 'Too many concurrent attempts to create a new revision of the specified family.';
    for (const error of [
      named('ServerException', 500),
      named('ThrottlingException', 400),
      thrown({ code: 'ENOTFOUND' }),
    ]) {
      expect(mayRegisterAgain(answerOf(error))).toBe(true);
    }
    expect(mayRegisterAgain({ kind: 'refused', code: 'ClientException', words: concurrent, requestId: null })).toBe(
      true,
    );
  });

  it('is not allowed after success, any other refusal or our own deadline', () => {
    expect(mayRegisterAgain({ kind: 'accepted', value: 1 })).toBe(false);
    expect(mayRegisterAgain(answerOf(named('ClientException', 400)))).toBe(false);
    expect(mayRegisterAgain(answerOf(new NotSent('deadline')))).toBe(false);
  });
});
