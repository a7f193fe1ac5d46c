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

/** A log of at most `most` calls; numbers go on rising when it is emptied. */
export function callLog(most = 100_000): CallLog {
  let calls: LoggedCall[] = [];
  let last = 0;
  return {
    add: (call) => {
      last += 1;
      const logged = { n: last, ...call };
      calls.push(logged);
      // Cut in blocks: dropping one at a time would copy the whole log at every call.
      if (calls.length >= most + most / 10) calls = calls.slice(-most);
      return logged;
    },
    since: (n) => {
      // Numbers have no gaps, so the place of one follows from the last.
      const newer = Math.min(most, Math.max(0, last - n));
      return newer === 0 ? [] : calls.slice(-newer);
    },
    clear: () => {
      calls = [];
    },
  };
}
