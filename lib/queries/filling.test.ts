import { describe, expect, it } from 'vitest';
import { filling } from './filling';

/** A filling whose reads are answered one by one. */
function held() {
  const read: string[] = [];
  const recalled: string[][] = [];
  const known = new Set<string>();
  const answers: (() => void)[] = [];
  const fill = filling({
    recall: async (keys) => {
      recalled.push([...keys]);
    },
    isKnown: (key) => known.has(key),
    read: (key) =>
      new Promise<void>((resolve) => {
        read.push(key);
        answers.push(() => {
          known.add(key);
          resolve();
        });
      }),
    atOnce: 1,
  });
  const answer = async (): Promise<void> => {
    answers.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { fill, read, recalled, known, answer };
}

describe('filling', () => {
  it('reads what was asked for last first, and everything once', async () => {
    const { fill, read, answer } = held();
    const first = fill(['a', 'b', 'c']);
    await answer();
    const second = fill(['c', 'd']);
    for (let one = 0; one < 4; one += 1) await answer();
    await Promise.all([first, second]);
    expect(read).toEqual(['a', 'c', 'd', 'b']);
  });

  it('fetches what is kept elsewhere before it reads, once for each key', async () => {
    const { fill, recalled, answer } = held();
    const done = fill(['a', 'b']);
    void fill(['b', 'a', 'c']);
    for (let one = 0; one < 4; one += 1) await answer();
    await done;
    expect(recalled).toEqual([['a', 'b'], ['c']]);
  });

  it('reads nothing that is known, and begins anew for what is asked later', async () => {
    const { fill, read, known, answer } = held();
    known.add('a');
    await fill(['a']);
    expect(read).toEqual([]);
    for (const key of ['b', 'c']) {
      const done = fill(['a', key]);
      await answer();
      await answer();
      await done;
    }
    expect(read).toEqual(['b', 'c']);
  });
});
