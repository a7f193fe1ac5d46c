import 'server-only';
import { type Urgency, urgency } from '@/lib/aws/urgency';

type Batch<V> = {
  readonly keys: Set<string>;
  readonly urgency: Urgency;
  readonly answers: Promise<ReadonlyMap<string, V>>;
};

/**
 * Collects keys that are asked for one by one in the same moment, and asks for all of them at once, as urgently as the
 * most urgent of them.
 *
 * @param ask - Answers every key it is asked for.
 */
export function collected<V>(
  ask: (keys: readonly string[], urgency: Urgency) => Promise<ReadonlyMap<string, V>>,
): (key: string, urgency: Urgency) => Promise<V> {
  let open: Batch<V> | null = null;
  const begin = (): Batch<V> => {
    const keys = new Set<string>();
    const together = urgency('background');
    const answers = thisMoment().then(() => {
      open = null;
      return ask([...keys], together);
    });
    return { keys, urgency: together, answers };
  };
  return async (key, own) => {
    open ??= begin();
    const { keys, urgency: together, answers } = open;
    keys.add(key);
    together.raise(own.priority());
    const stop = own.onRaise(() => together.raise(own.priority()));
    try {
      const answer = (await answers).get(key);
      if (answer === undefined) throw new Error('a key that was asked for was not answered');
      return answer;
    } finally {
      stop();
    }
  };
}

const thisMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
