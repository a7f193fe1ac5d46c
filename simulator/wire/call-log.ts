/** One request on the wire. */
export type LoggedCall = {
  readonly n: number;
  /** ISO 8601. */
  readonly at: string;
  readonly account: string | null;
  readonly region: string | null;
  /** Signing name, such as `ecs`. */
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  /** HTTP status; `null` while no answer was sent, or when none ever was. */
  status: number | null;
  error: string | null;
  readonly principal: string | null;
  /** Which try of the caller's this is, from 1. */
  readonly attempt: number;
  readonly invocationId: string | null;
  /** Whether the operation was carried out, whatever the caller was told. */
  applied: boolean;
  /** What went wrong on purpose, `null` where nothing did. */
  readonly fault: string | null;
};

/** The last calls in order, bounded. */
export type CallLog = {
  readonly add: (call: Omit<LoggedCall, 'n'>) => LoggedCall;
  /** Calls with a number above `n`, in order. */
  readonly since: (n: number) => LoggedCall[];
  readonly clear: () => void;
};

/** Different inputs remembered, so that readers who ask the same again and again cost no memory. */
const MOST_INPUTS = 1_000;
/** Longer inputs are those of writes, which hardly repeat. */
const MOST_CHARACTERS = 4_096;

/** A log of at most `most` calls; numbers go on rising when it is emptied. */
export function callLog(most = 100_000): CallLog {
  // A ring: the call with number n stands at n modulo its length.
  let calls: LoggedCall[] = [];
  let last = 0;
  let cleared = 0;
  const equalInput = inputsSeen();
  return {
    add: (call) => {
      last += 1;
      const logged = { n: last, ...call, input: equalInput(call.input) };
      calls[last % most] = logged;
      return logged;
    },
    since: (n) => {
      const first = Math.max(n, cleared, last - most) + 1;
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => calls[(first + index) % most]).filter(
        (call) => call !== undefined,
      );
    },
    clear: () => {
      calls = [];
      cleared = last;
    },
  };
}

/** Answers the first of several equal inputs for all of them. */
function inputsSeen(): (input: unknown) => unknown {
  const seen = new Map<string, unknown>();
  return (input) => {
    const text = JSON.stringify(input);
    if (text.length > MOST_CHARACTERS) return input;
    if (seen.has(text)) return seen.get(text);
    if (seen.size >= MOST_INPUTS) seen.clear();
    seen.set(text, input);
    return input;
  };
}
