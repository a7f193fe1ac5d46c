import { describe, expect, it } from 'vitest';
import { heldClock } from '@/lib/aws/held-clock';
import type { Fact } from '@/lib/domain/facts';
import { within } from '@/lib/within';
import { type Limits, type Reading, shared } from './shared';

const good = <T>(value: T): Fact<T> => ({ ok: true, value });
const throttled: Fact<never> = {
  ok: false,
  error: { kind: 'throttled', action: 'ecs:ListServices', words: 'Rate exceeded' },
};

/** A read that counts how often it goes out, and answers when it is told to. */
function counted(limits: Partial<Limits<number>> = {}, answer: (count: number) => Fact<number> = good) {
  const clock = heldClock(1_000_000);
  const read = { count: 0, urgent: [] as string[], held: null as Promise<void> | null };
  const reads = shared(
    async (_key: string, { urgency }: Reading<number>) => {
      read.count += 1;
      const { count } = read;
      await read.held;
      read.urgent.push(urgency.priority());
      return answer(count);
    },
    { freshMs: 1_000, keys: 10, ...limits },
    clock,
  );
  const hold = (): (() => void) => {
    let release: () => void = () => undefined;
    read.held = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      read.held = null;
      release();
    };
  };
  return { reads, clock, read, hold };
}

describe('a shared read', () => {
  it('goes out once for all callers that arrive while it is under way', async () => {
    const { reads, read } = counted();
    const answers = await Promise.all([reads.get('a', 100), reads.get('a', 100), reads.get('a', 100)]);
    expect(answers.map((answer) => answer?.value)).toEqual([1, 1, 1]);
    expect(read.count).toBe(1);
  });

  it('is given again while fresh and read anew once it is not', async () => {
    const { reads, clock } = counted();
    await reads.get('a', 100);
    await clock.pass(999);
    expect((await reads.get('a', 100))?.value).toBe(1);
    await clock.pass(1);
    expect((await reads.get('a', 100))?.value).toBe(2);
  });

  it('is shown at once while young, and read anew behind that', async () => {
    const { reads, clock, read, hold } = counted({ showMs: 60_000 });
    await reads.get('a', 100);
    await clock.pass(30_000);
    const release = hold();
    expect(await reads.get('a', 100)).toMatchObject({ value: 1, readAt: 1_000_000 });
    expect(read.count).toBe(2);
    release();
    await clock.pass(0);
    expect(await reads.get('a', 100)).toMatchObject({ value: 2, readAt: 1_030_000 });
  });

  it('is waited for once it is too old to show', async () => {
    const { reads, clock } = counted({ showMs: 60_000 });
    await reads.get('a', 100);
    await clock.pass(60_000);
    expect((await reads.get('a', 100))?.value).toBe(2);
  });

  it('is as urgent as whoever waits for it, and a background one while nobody does', async () => {
    const { reads, clock, read, hold } = counted({ showMs: 60_000 });
    await reads.get('a', 100);
    await clock.pass(1_000);
    await reads.get('a', 100);
    const release = hold();
    const waiting = reads.get('b', 100, 'rollback');
    release();
    await waiting;
    expect(read.urgent).toEqual(['page', 'background', 'rollback']);
  });

  it('keeps the last good answer with its own age when a later read fails, and nobody waits for the next try', async () => {
    const { reads, clock, hold } = counted({}, (count) => (count === 1 ? good(1) : throttled));
    await reads.get('a', 100);
    await clock.pass(5_000);
    const failed = { value: 1, readAt: 1_000_000, failure: { kind: 'throttled' } };
    expect(await reads.get('a', 100)).toMatchObject(failed);
    await clock.pass(120_000);
    hold();
    expect(await reads.get('a', 60_000)).toMatchObject(failed);
  });

  it('is tried again more and more seldom while it fails, and never in step with others that fail', async () => {
    const { reads, clock, read } = counted({ watchMs: 3_600_000 }, () => throttled);
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => reads.get(key, 100)));
    const tries: number[] = [];
    for (let second = 1; second <= 600; second += 1) {
      const before = read.count;
      await clock.pass(1_000);
      tries.push(read.count - before);
    }
    const first = tries.slice(0, 60).reduce((sum, count) => sum + count, 0);
    const last = tries.slice(540).reduce((sum, count) => sum + count, 0);
    expect(last).toBeLessThan(first / 2);
    expect(last).toBeGreaterThan(0);
    expect(Math.max(...tries.slice(30))).toBeLessThan(6);
  });

  it('is never an empty answer where nothing was ever read', async () => {
    const { reads } = counted({}, () => throttled);
    expect(await reads.get('a', 100)).toMatchObject({
      value: null,
      readAt: 1_000_000,
      failure: { kind: 'throttled' },
    });
  });

  it('does not keep a caller longer than it will wait, and serves the answer to the next', async () => {
    const { reads, hold } = counted();
    const release = hold();
    expect(await reads.get('a', 1)).toBeNull();
    release();
    expect((await reads.get('a', 100))?.value).toBe(1);
  });

  it('keeps nobody waiting again whom the same silence kept waiting before', async () => {
    const { reads, clock, hold } = counted();
    hold();
    const first = reads.get('a', 3_000);
    await clock.pass(3_000);
    // A wait of nothing: were it three seconds of real time, the race below would be lost.
    expect(await Promise.race([reads.get('a', 3_000), first.then(() => 'waited')])).toBeNull();
  });

  it('tells what came so far while the first reading goes on', async () => {
    const clock = heldClock();
    const reads = shared<readonly string[]>(
      async (_key, { publish }) => {
        publish(['one']);
        return new Promise<Fact<readonly string[]>>(() => undefined);
      },
      { freshMs: 1_000, keys: 10 },
      clock,
    );
    expect(await reads.get('a', 1)).toMatchObject({ value: ['one'], partial: true });
  });

  it('is read anew by itself while somebody looked lately, and not once nobody did', async () => {
    const { reads, clock, read } = counted({ watchMs: 300_000 });
    await reads.get('a', 100);
    await clock.pass(299_000);
    expect(read.count).toBeGreaterThan(290);
    const { count } = read;
    await clock.pass(3_600_000);
    expect(read.count - count).toBeLessThanOrEqual(1);
  });

  it('is not read anew by itself unless that was asked for', async () => {
    const { reads, clock, read } = counted();
    await reads.get('a', 100);
    await clock.pass(3_600_000);
    expect(read.count).toBe(1);
  });

  it('is fresh for as long as its own value says', async () => {
    const { reads, clock } = counted({ freshMs: (value) => (value === 1 ? 10_000 : 1_000) });
    await reads.get('a', 100);
    await clock.pass(9_999);
    expect((await reads.get('a', 100))?.value).toBe(1);
    await clock.pass(1);
    expect((await reads.get('a', 100))?.value).toBe(2);
  });

  it('is forgotten by weight as well as by number', async () => {
    const { reads } = counted({ keys: 100, weight: { of: () => 40, most: 100 } });
    for (const key of ['a', 'b', 'c']) await reads.get(key, 100);
    expect(['a', 'b', 'c'].map((key) => reads.peek(key)?.value ?? null)).toEqual([null, 2, 3]);
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
