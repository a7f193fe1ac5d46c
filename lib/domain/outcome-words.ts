import type { Reason, State } from '@/lib/domain/rollback';
import { formatMoment, formatTime } from '@/lib/domain/time-words';
import type { StateWord } from '@/lib/domain/wording';

/** What an outcome's sentences are filled with. Counts are of tasks, times are milliseconds since 1970. */
export type OutcomeFacts = {
  readonly kind: 'copy' | 'stop';
  readonly service: string;
  readonly target: string;
  /** The version left and the one returned to, as short as they can be told apart. */
  readonly from: string;
  readonly to: string;
  /** The version left with its number: `release-1123 (428)`. */
  readonly fromName: string;
  /** `api:429`, once registered. */
  readonly copy: string | null;
  readonly by: string;
  readonly running: number | null;
  readonly desired: number | null;
  /** Tasks of other versions that still run. */
  readonly others: number | null;
  readonly endedAt: number;
  readonly now: number;
  /** `4 min 9 s`. */
  readonly took: string;
  /** AWS's or our words for what went wrong, already clean. */
  readonly words: string | null;
  /** Version that runs now, and who registered it, where that is known. */
  readonly nowRuns: string | null;
  readonly nowBy: string | null;
  /** Who pressed what replaced or ended this. */
  readonly replacedBy: string | null;
  /** Until when a lost request may still arrive. */
  readonly mayArriveUntil: number | null;
  /** Whether this undid another rollback: then there is nothing to pause or revert. */
  readonly undid: boolean;
};

/** What somebody can do after an outcome; the page gives each its address. */
export type Next = {
  readonly kind:
    | 'check'
    | 'pause-pipeline'
    | 'revert-code'
    | 'undo'
    | 'choose-version'
    | 'roll-back-to-from'
    | 'roll-back-to-to'
    | 'watch-newer'
    | 'see-stop'
    | 'plan-again'
    | 'by-hand'
    | 'console';
  readonly words: string;
};

/** An outcome as its page heads it, and what can be done then. */
export type OutcomeWords = {
  readonly heading: string;
  readonly text: string;
  readonly tone: StateWord['tone'];
  /** Whether it is a failure that interrupts. */
  readonly alert: boolean;
  readonly next: readonly Next[];
};

type Said = Omit<OutcomeWords, 'tone' | 'alert' | 'next'>;

const good = (said: Said, next: readonly Next[]): OutcomeWords => ({ ...said, tone: 'good', alert: false, next });
const bad = (said: Said, next: readonly Next[]): OutcomeWords => ({ ...said, tone: 'bad', alert: true, next });
const note = (said: Said, next: readonly Next[]): OutcomeWords => ({ ...said, tone: 'warning', alert: false, next });

const CHOOSE: Next = { kind: 'choose-version', words: 'Choose another version' };
const AGAIN: Next = { kind: 'plan-again', words: 'Plan again' };

/** Heading, text and ways on of an ended rollback; `null` while it has not ended. */
export function outcomeWords(state: State, reason: Reason | null, facts: OutcomeFacts): OutcomeWords | null {
  switch (state) {
    case 'succeeded':
      return succeeded(reason, facts);
    case 'failed':
      return failed(reason, facts);
    case 'superseded':
      return superseded(reason, facts);
    case 'not-applied':
      return notApplied(reason, facts);
    case 'closed':
      return closed(facts);
    case 'starting':
    case 'sending':
    case 'watching':
    case 'unknown':
      return null;
    default:
      return state satisfies never;
  }
}

function succeeded(reason: Reason | null, facts: OutcomeFacts): OutcomeWords {
  const { service, target, from, to, running, desired, endedAt, now } = facts;
  if (facts.kind === 'stop') {
    const heading = `Stopped. ECS is running ${to} again in ${service} (${target}).`;
    return good({ heading, text: `Stopped by ${facts.by} at ${formatMoment(endedAt, now)}.` }, [CHOOSE]);
  }
  if (reason === 'zero-tasks') {
    const heading = `${service} is set to ${to}, but wants 0 tasks.`;
    return note({ heading, text: 'Nothing has run, so nothing is proven.' }, [undo(facts)]);
  }
  const tasks = running === null ? '' : `${running} of ${desired ?? running} tasks `;
  const since = `${tasks}since ${formatMoment(endedAt, now)}. It took ${facts.took}.`;
  const text = `${since.replace(/^since/, 'Since')} Now check that it works: health checks also passed for ${from}.`;
  return good({ heading: `ECS is running ${to} again in ${service} (${target}).`, text }, afterSuccess(facts));
}

function afterSuccess(facts: OutcomeFacts): readonly Next[] {
  const check: Next = { kind: 'check', words: 'Check the service.' };
  if (facts.undid) return [check, undo(facts)];
  return [
    check,
    {
      kind: 'pause-pipeline',
      words: `Pause the pipeline, or the next deployment brings ${facts.from} back.`,
    },
    { kind: 'revert-code', words: 'Revert the code.' },
    undo(facts),
  ];
}

const undo = ({ fromName }: OutcomeFacts): Next => ({ kind: 'undo', words: `Undo: plan a return to ${fromName}` });

function failed(reason: Reason | null, facts: OutcomeFacts): OutcomeWords {
  const { service, from, to, words, running, desired, others, nowRuns } = facts;
  switch (reason) {
    case 'put-back': {
      const heading = `The rollback did not work. ECS put ${from} back.`;
      return bad({ heading, text: `Tasks of ${to} ${words ?? 'did not become steady'}.` }, [CHOOSE]);
    }
    case 'gave-up': {
      const heading = 'The rollback did not work. ECS stopped trying.';
      return bad({ heading, text: stillRun(others, from) }, [CHOOSE]);
    }
    case 'stuck': {
      const heading = `The rollback did not work, and ECS could not return to ${facts.kind === 'stop' ? to : from}.`;
      return bad({ heading, text: `${service} has ${running ?? 0} of ${desired ?? 0} tasks. Act now:` }, [
        { kind: 'by-hand', words: 'Commands' },
        { kind: 'console', words: 'Open the ECS console' },
      ]);
    }
    case 'finished-first': {
      const heading = 'The deployment finished before it could be stopped.';
      return bad({ heading, text: `${service} runs ${nowRuns ?? from}.` }, [
        { kind: 'roll-back-to-to', words: `Roll back to ${to}` },
      ]);
    }
    default:
      return bad({ heading: `${service} was deleted while we watched.`, text: '' }, []);
  }
}

function stillRun(count: number | null, from: string): string {
  if (count === null) return `Tasks of ${from} still run.`;
  return count === 1 ? `1 task of ${from} still runs.` : `${count} tasks of ${from} still run.`;
}

function superseded(reason: Reason | null, facts: OutcomeFacts): OutcomeWords {
  const { service, to, nowRuns, nowBy, endedAt, now } = facts;
  const who = facts.replacedBy ?? 'Somebody';
  if (reason === 'by-rollback') {
    const heading = `A newer rollback replaced this one at ${formatTime(endedAt, now)}.`;
    return note({ heading, text: `${who} started it.` }, [{ kind: 'watch-newer', words: 'Watch it' }]);
  }
  if (reason === 'stopped') {
    const heading = `${who} stopped this rollback at ${formatMoment(endedAt, now)}.`;
    return note({ heading, text: '' }, [{ kind: 'see-stop', words: 'See how the stop ended' }]);
  }
  const registered = nowBy === null ? '' : `, registered by ${nowBy}`;
  const heading = `Another deployment replaced this rollback at ${formatTime(endedAt, now)}.`;
  const text = nowRuns === null ? '' : `${service} now runs ${nowRuns}${registered}.`;
  return bad({ heading, text }, [{ kind: 'roll-back-to-to', words: `Roll back to ${to}` }]);
}

/** Words that came as a quotation or as the end of a sentence, ended once. */
const ended = (words: string | null): string => `${(words ?? 'no reason was given').replace(/[.\s]+$/, '')}.`;

const NOT_APPLIED: Readonly<Partial<Record<Reason, (facts: OutcomeFacts) => string>>> = {
  changed: ({ service, words }) =>
    words === null
      ? `${service} changed just before the update.`
      : `${service} changed just before the update: ${ended(words)}`,
  'check-failed': ({ words }) => `A check failed just before the change: ${ended(words)}`,
  refused: ({ words }) => `ECS refused the change: ${ended(words)}`,
  'register-failed': ({ words }) => `The copy could not be registered: ${ended(words)}`,
  'not-sent': ({ words }) => `ECS could not be reached, so it was not asked: ${ended(words)}`,
  'too-slow': () => 'It took too long, so ECS was not asked.',
  'starter-gone': () => 'The tool restarted before it asked ECS.',
  'first-failed': ({ words }) => `Not started, because ${words ?? 'the service before it'} did not succeed.`,
  revoked: ({ by }) => `${by} was signed out before ECS was asked.`,
};

function notApplied(reason: Reason | null, facts: OutcomeFacts): OutcomeWords {
  const { service, copy } = facts;
  const unused = copy === null ? '' : ` ${copy} was registered and is not used.`;
  if (reason === 'absent') {
    const heading = `ECS did not take the change. Nothing was changed in ${service}.`;
    return note({ heading, text: `The request was lost on the way.${unused}` }, [AGAIN]);
  }
  const text = reason === null ? undefined : NOT_APPLIED[reason]?.(facts);
  return note({ heading: `Nothing was changed in ${service}.`, text: `${text ?? ''}${unused}`.trim() }, [AGAIN]);
}

function closed({ replacedBy, by, mayArriveUntil, now }: OutcomeFacts): OutcomeWords {
  const until = mayArriveUntil === null ? null : formatTime(mayArriveUntil, now);
  const late =
    until === null || (mayArriveUntil ?? 0) < now
      ? ''
      : ` The first request may still arrive until ${until}; this page will say so.`;
  return note({ heading: 'Given up while unknown.', text: `${replacedBy ?? by} gave up waiting.${late}` }, [AGAIN]);
}

/** A request whose answer did not arrive, as the page heads it. */
export const UNKNOWN: OutcomeWords = note(
  {
    heading: 'We do not know yet if ECS took the change.',
    text: 'The answer did not arrive. We are reading ECS and will not send it again. Do not start another rollback.',
  },
  [],
);

/** A deployment that our write replaced, as the record names it. */
export type Overwritten = { readonly name: string; readonly by: string | null };

/** Heads the page in any state: a deployment began between our last look and our write. */
export function overwroteWords({ name, by }: Overwritten, facts: OutcomeFacts): OutcomeWords {
  const registered = by === null ? '' : `, registered by ${by}`;
  return bad(
    {
      heading: 'This rollback replaced a deployment that started at the same moment.',
      text: `${name} was being deployed${registered}.`,
    },
    [undo(facts)],
  );
}
