'use client';

import { type Polled, usePolled } from '@/app/use-polled';
import { type Progress, READ_AT_HEADER } from '@/lib/domain/progress';
import { routes } from '@/lib/routes';

const EVERY_MS = 5_000;
/** Before ECS has answered, things happen within seconds; asking costs AWS nothing. */
const AT_FIRST_MS = 1_000;

/** The progress as it goes on. What only the server draws is asked for once the state has changed. */
export const useProgress = (first: Progress, paused: boolean): Polled<Progress> =>
  usePolled(first, paused, ({ id, ended, state }) => ({
    url: routes.progress(id),
    everyMs: state === 'starting' || state === 'sending' ? AT_FIRST_MS : EVERY_MS,
    ended,
    read: async (answer, before) => ({
      ...(answer.status === 304 ? before : ((await answer.json()) as Omit<Progress, 'readAt'>)),
      readAt: readAtOf(answer),
    }),
    isOther: (before, after) =>
      after.state !== before.state || (after.overwrote !== null) !== (before.overwrote !== null),
  }));

/** When ECS was read last, which stands beside the progress so that what did not change need not be sent again. */
function readAtOf({ headers }: Response): number | null {
  const text = headers.get(READ_AT_HEADER);
  return text === null ? null : Number(text);
}
