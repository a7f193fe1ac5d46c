import { describe, expect, it } from 'vitest';
import { formIn, LARGEST_BODY_BYTES, textIn } from './body';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (body: BodyInit, headers: Record<string, string> = FORM) =>
  new Request('http://localhost:3000/x', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

/** A body that never says how long it is. */
function endless(): { readonly body: ReadableStream<Uint8Array>; readonly sent: () => number } {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1024;
      controller.enqueue(new Uint8Array(1024));
    },
  });
  return { body, sent: () => sent };
}

describe('the body of a request', () => {
  it('is read up to its limit and not beyond', async () => {
    expect(await textIn(post('a'.repeat(LARGEST_BODY_BYTES)))).toHaveLength(LARGEST_BODY_BYTES);
    expect(await textIn(post('a'.repeat(LARGEST_BODY_BYTES + 1)))).toBeNull();
  });

  it('is not read at all when it says that it is too large', async () => {
    expect(await textIn(post('a', { ...FORM, 'content-length': '1000000' }))).toBeNull();
  });

  it('is left when it has no end', async () => {
    const { body, sent } = endless();
    expect(await textIn(post(body))).toBeNull();
    expect(sent()).toBeLessThan(2 * LARGEST_BODY_BYTES);
  });

  it('is fields only when it is a form', async () => {
    expect((await formIn(post('a=1&b=2')))?.get('b')).toBe('2');
    expect([...((await formIn(post('{"a":1}', { 'content-type': 'application/json' }))) ?? [])]).toEqual([]);
  });
});
