/** A process that tests kill, stop and let go on. What it holds is only in its memory. */
export type Process = { readonly name: string; alive: boolean; stopped: boolean };

/** Something a process is about to do, or an answer it is about to hear. */
export type Step = {
  readonly process: Process;
  readonly label: string;
  /** Carries the step out, and waits until everything that follows of it at once has happened. */
  take(): Promise<void>;
};

/** Holds every call that leaves a process, and every answer to it, until somebody lets it go on. */
export type Gate = {
  /** Steps that may be taken now, oldest first: not those of a process that is stopped or gone. */
  steps(): readonly Step[];
  /** Does something as a process: never, where it is killed before; unheard, where it is killed before the answer. */
  through<T>(process: Process, label: string, act: () => Promise<T>): Promise<T>;
};

type Answer<T> = { readonly value: T } | { readonly error: unknown };

/**
 * A gate with nothing at it.
 *
 * @param waits - Whether an answer that has come waits to be heard.
 */
export function createGate(waits: () => boolean): Gate {
  let held: readonly Step[] = [];

  const hold = (process: Process, label: string, act: () => Promise<void> | void): void => {
    const step: Step = {
      process,
      label,
      take: async () => {
        held = held.filter((other) => other !== step);
        await act();
        await quiet();
      },
    };
    held = [...held, step];
  };

  return {
    steps: () => {
      held = held.filter(({ process }) => process.alive);
      return held.filter(({ process }) => !process.stopped);
    },
    through: (process, label, act) =>
      new Promise((resolve, reject) => {
        if (!process.alive) return;
        hold(process, label, async () => {
          const answer = await answerOf(act);
          const hear = (): void => ('value' in answer ? resolve(answer.value) : reject(answer.error));
          if (process.stopped || waits()) hold(process, `${label}: answer`, hear);
          else if (process.alive) hear();
        });
      }),
  };
}

const answerOf = async <T>(act: () => Promise<T>): Promise<Answer<T>> => {
  try {
    return { value: await act() };
  } catch (error) {
    return { error };
  }
};

/** Until what follows from an answer stands at the gate again. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}
