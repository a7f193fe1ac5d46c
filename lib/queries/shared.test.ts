import { describe, expect, it } from 'vitest';
import type { Fact } from '@/lib/domain/facts';
import { within } from '@/lib/within';
import { shared } from './shared';

const good = <T>(value: T): Fact<T> => ({ ok: true, value });
const throttled: Fact<never> = {
  ok: false,
  error: { kind: 'throttled', action: 'ecs:ListServices', words: 'Rate exceeded' },
};

describe('a shared read', () => {
  it('goes out once for all callers that arrive while it is under way', async () => {
    let reads = 0;
    const services = shared(
      async () => good(++reads),
      { freshMs: 1000, keys: 10 },
      () => 0,
    );
    const answers = await Promise.all([services.get('a', 100), services.get('a', 100), services.get('a', 100)]);
    expect(answers.map((answer) => answer?.value)).toEqual([1, 1, 1]);
  });

  it('is given again while young and read anew once old', async () => {
    let reads = 0;
    let clock = 0;
    const services = shared(
      async () => good(++reads),
      { freshMs: 1000, keys: 10 },
      () => clock,
    );
    await services.get('a', 100);
    clock = 999;
    expect((await services.get('a', 100))?.value).toBe(1);
    clock = 1000;
    expect((await services.get('a', 100))?.value).toBe(2);
  });

  it('keeps the last good answer with its own age when a later read fails', async () => {
    let answer: Fact<string> = good('six services');
    let clock = 0;
    const services = shared(
      async () => answer,
      { freshMs: 1000, keys: 10 },
      () => clock,
    );
    await services.get('a', 100);
    answer = throttled;
    clock = 5000;
    expect(await services.get('a', 100)).toMatchObject({
      value: 'six services',
      readAt: 0,
      failure: { kind: 'throttled' },
    });
  });

  it('is never an empty answer where nothing was ever read', async () => {
    const services = shared(
      async () => throttled,
      { freshMs: 1000, keys: 10 },
      () => 7,
    );
    expect(await services.get('a', 100)).toMatchObject({ value: null, readAt: 7, failure: { kind: 'throttled' } });
  });

  it('does not keep a caller longer than it will wait, and serves the answer to the next', async () => {
    let finish: (value: Fact<string>) => void = () => undefined;
    const services = shared(
      () =>
        new Promise<Fact<string>>((resolve) => {
          finish = resolve;
        }),
      { freshMs: 1000, keys: 10 },
      () => 0,
    );
    expect(await services.get('a', 1)).toBeNull();
    finish(good('late'));
    expect((await services.get('a', 100))?.value).toBe('late');
  });

  it('asks again when a read threw', async () => {
    let reads = 0;
    const services = shared(
      async () => {
        reads += 1;
        if (reads === 1) throw new Error('broken');
        return good('mended');
      },
      { freshMs: 1000, keys: 10 },
    );
    await expect(services.get('a', 100)).rejects.toThrow('broken');
    expect((await services.get('a', 100))?.value).toBe('mended');
  });
});

describe('waiting at most so long', () => {
  it('gives null when the answer is late', async () => {
    expect(await within(new Promise(() => undefined), 1)).toBeNull();
  });
});
