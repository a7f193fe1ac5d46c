import { describe, expect, it } from 'vitest';
import { freed, readFailure, required, Unreadable } from './failure';

const ACTION = 'ecs:DescribeServices';
const thrown = (members: Record<string, unknown>, message = 'words'): Error =>
  Object.assign(new Error(message), members);
const named = (name: string, httpStatusCode = 400, message = 'words'): Error =>
  thrown({ name, $fault: 'client', $metadata: { httpStatusCode } }, message);

describe('why a read failed', () => {
  it.each([
    ['denied', named('AccessDeniedException')],
    ['denied', named('AccessDenied', 403)],
    ['throttled', named('ThrottlingException')],
    ['throttled', named('TooManyRequestsException', 429)],
    ['throttled', named('Unknown', 429)],
    ['gone', named('ClusterNotFoundException')],
    ['gone', named('ServiceNotFoundException')],
    ['gone', named('NoSuchEntityException', 404)],
    ['gone', named('TargetGroupNotFoundException')],
    ['gone', named('ClientException', 400, 'Unable to describe task definition.')],
    ['no-answer', named('ServerException', 500)],
    ['no-answer', thrown({ name: 'SyntaxError', $metadata: { httpStatusCode: 502 } })],
    ['no-answer', thrown({ name: 'TimeoutError' })],
    ['no-answer', thrown({ name: 'AbortError' })],
    ['no-answer', thrown({ code: 'ENOTFOUND' })],
    ['no-answer', thrown({ code: 'ECONNRESET' })],
    ['no-answer', thrown({ $metadata: { httpStatusCode: 200 } }, 'aborted')],
    ['other', named('ClientException')],
    ['other', named('ExpiredTokenException')],
    ['other', thrown({ name: 'CredentialsProviderError' })],
    ['other', new Error('Access is denied, or throttled, or not found')],
    ['other', 'a text'],
  ])('is %s by name and status: %s', (kind, error) => {
    expect(readFailure(error, ACTION)).toMatchObject({ kind, action: ACTION });
  });

  it('is what our own checks said of an answer', () => {
    expect(readFailure(new Unreadable({ kind: 'throttled', words: 'ours' }), ACTION)).toEqual({
      kind: 'throttled',
      action: ACTION,
      words: 'ours',
    });
    expect(() => required(undefined, 'the ARN')).toThrow('AWS answered without the ARN.');
    expect(required(0, 'a count')).toBe(0);
  });

  it('is quoted with its code, and with the network’s where AWS said nothing', () => {
    expect(readFailure(named('ClientException'), ACTION).words).toBe('ClientException: words');
    expect(readFailure(thrown({ name: 'CredentialsProviderError' }), ACTION).words).toBe(
      'CredentialsProviderError: words',
    );
  });

  it('is explained where AWS finds a signature out of its time', () => {
    expect(readFailure(named('InvalidSignatureException'), ACTION).words).toBe(
      'InvalidSignatureException: words (the clock of the machine this tool runs on may be wrong)',
    );
  });

  it('is named and never quoted where the words are not AWS’s: they hold addresses and values of ours', () => {
    const refused = thrown({ code: 'ECONNREFUSED' }, 'connect ECONNREFUSED 10.1.2.3:443');
    expect(readFailure(refused, ACTION).words).toBe('The connection failed (ECONNREFUSED).');
    const mistake = new TypeError('cannot read hunter2');
    expect(readFailure(mistake, ACTION).words).toBe('An unexpected error (TypeError).');
  });
});

describe('words about an answer that cannot be read', () => {
  it('do not quote what the parser quotes, which may be a value', () => {
    const error = thrown(
      { name: 'SyntaxError', $metadata: { httpStatusCode: 502 } },
      `Unexpected token 'h', "hunter2"`,
    );
    expect(readFailure(error, ACTION).words).toBe('The answer, status 502, could not be read.');
  });

  it('say plainly that none came in time', () => {
    for (const late of [thrown({ name: 'AbortError' }), thrown({ name: 'TimeoutError', code: 'ETIMEDOUT' })]) {
      expect(readFailure(late, ACTION).words).toBe('AWS did not answer in time.');
    }
  });
});

describe('a quotation', () => {
  it('loses secrets, user info of addresses, access keys and control characters, and has an end', () => {
    expect(freed('hunter2 at https://a:b@c/d by AKIAABCDEFGHIJKLMNOP', ['hunter2'])).toBe(
      '[hidden] at https://c/d by [hidden]',
    );
    expect(freed('one\u0000\n\u2028two', [])).toBe('one two');
    expect(freed('x'.repeat(5000), [])).toHaveLength(1024);
  });
});
