import type { Reason, State } from '@/lib/domain/rollback';

/** Reasons the plan page offers. */
export const REASONS_FOR_ROLLING_BACK = [
  'Errors after release',
  'Slow after release',
  'Wrong configuration',
  'Other',
] as const;

/** Reasons the plan of an undo offers. */
export const REASONS_FOR_UNDOING = ['It did not help', 'The release was not the cause', 'Other'] as const;

/** A state as icon, word and the tone that colours it; never by colour alone. */
export type StateWord = {
  readonly icon: string;
  readonly word: string;
  readonly tone: 'good' | 'progress' | 'warning' | 'bad' | 'muted';
};

const DEPLOYMENTS: Readonly<Record<string, StateWord>> = {
  PENDING: { icon: '…', word: 'Waiting to start', tone: 'progress' },
  IN_PROGRESS: { icon: '◐', word: 'Deploying', tone: 'progress' },
  SUCCESSFUL: { icon: '✓', word: 'Deployed', tone: 'good' },
  STOP_REQUESTED: { icon: '■', word: 'Stopping', tone: 'warning' },
  STOPPED: { icon: '■', word: 'Stopped', tone: 'muted' },
  ROLLBACK_REQUESTED: { icon: '↺', word: 'ECS is rolling back', tone: 'warning' },
  ROLLBACK_IN_PROGRESS: { icon: '↺', word: 'ECS is rolling back', tone: 'warning' },
  ROLLBACK_SUCCESSFUL: { icon: '↺', word: 'Rolled back by ECS', tone: 'warning' },
  ROLLBACK_FAILED: { icon: '✕', word: 'Failed: ECS could not return', tone: 'bad' },
};

/** ECS's word for a service deployment in ours; a word we do not know is shown as it is. */
export const deploymentWord = (status: string): StateWord =>
  Object.hasOwn(DEPLOYMENTS, status) ? (DEPLOYMENTS[status] as StateWord) : { icon: '?', word: status, tone: 'muted' };

/** What an outcome's sentences are filled with. Counts are of tasks. */
export type OutcomeFacts = {
  readonly service: string;
  readonly target: string;
  readonly kind: 'copy' | 'stop';
  /** Tag or name of the version left, and of the one returned to. */
  readonly from: string;
  readonly to: string;
  /** `api:429`, once registered. */
  readonly copy: string | null;
  readonly by: string;
  readonly running: number | null;
  readonly desired: number | null;
  /** `03:02:40 UTC`. */
  readonly endedAt: string;
  /** `4 min 9 s`. */
  readonly took: string;
  /** AWS's or our words for what went wrong, already clean. */
  readonly words: string | null;
  /** Version that runs now, and who registered it, where that is known. */
  readonly nowRuns: string | null;
  readonly nowBy: string | null;
  /** Who pressed what replaced this. */
  readonly replacedBy: string | null;
  /** Until when a lost request may still arrive: `03:14 UTC`. */
  readonly mayArriveUntil: string | null;
};

/** An outcome as its page heads it. */
export type OutcomeWords = {
  readonly heading: string;
  readonly text: string;
  readonly tone: StateWord['tone'];
  readonly alert: boolean;
};

const good = (heading: string, text: string): OutcomeWords => ({ heading, text, tone: 'good', alert: false });
const bad = (heading: string, text: string): OutcomeWords => ({ heading, text, tone: 'bad', alert: true });
const note = (heading: string, text: string): OutcomeWords => ({ heading, text, tone: 'warning', alert: false });

/** Heading and text of an ended rollback. */
export function outcomeWords(state: State, reason: Reason | null, facts: OutcomeFacts): OutcomeWords | null {
  switch (state) {
    case 'succeeded':
      return succeeded(reason, facts);
    case 'failed':
      return failedWords(reason, facts);
    case 'superseded':
      return supersededWords(reason, facts);
    case 'not-applied':
      return notAppliedWords(reason, facts);
    case 'closed':
      return note(
        'Given up while unknown.',
        `${facts.replacedBy ?? facts.by} gave up waiting.${facts.mayArriveUntil === null ? '' : ` The first request may still arrive until ${facts.mayArriveUntil}; this page will say so.`}`,
      );
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
  const { service, target, from, to } = facts;
  if (facts.kind === 'stop') {
    return good(
      `Stopped. ECS is running ${to} again in ${service} (${target}).`,
      `Stopped by ${facts.by} at ${facts.endedAt}.`,
    );
  }
  if (reason === 'zero-tasks') {
    return note(`${service} is set to ${to}, but wants 0 tasks.`, 'Nothing has run, so nothing is proven.');
  }
  const tasks =
    facts.running === null
      ? ''
      : `${facts.running} of ${facts.desired ?? facts.running} tasks since ${facts.endedAt}. `;
  return good(
    `ECS is running ${to} again in ${service} (${target}).`,
    `${tasks}It took ${facts.took}. Now check that it works: health checks also passed for ${from}.`,
  );
}

function failedWords(
  reason: Reason | null,
  { service, from, to, words, running, desired, nowRuns }: OutcomeFacts,
): OutcomeWords {
  switch (reason) {
    case 'put-back':
      return bad(
        `The rollback did not work. ECS put ${from} back.`,
        words === null ? `Tasks of ${to} did not become steady.` : `Tasks of ${to} ${words}.`,
      );
    case 'gave-up':
      return bad('The rollback did not work. ECS stopped trying.', `${running ?? 'Some'} tasks of ${from} still run.`);
    case 'stuck':
      return bad(
        `The rollback did not work, and ECS could not return to ${from}.`,
        `${service} has ${running ?? 0} of ${desired ?? 0} tasks. Act now:`,
      );
    case 'finished-first':
      return bad('The deployment finished before it could be stopped.', `${service} runs ${nowRuns ?? from}.`);
    default:
      return bad(`${service} was deleted while we watched.`, '');
  }
}

function supersededWords(
  reason: Reason | null,
  { service, nowRuns, nowBy, replacedBy, endedAt }: OutcomeFacts,
): OutcomeWords {
  if (reason === 'by-rollback')
    return note(`A newer rollback replaced this one at ${endedAt}.`, `${replacedBy ?? 'Somebody'} started it.`);
  if (reason === 'stopped') return note(`${replacedBy ?? 'Somebody'} stopped this rollback at ${endedAt}.`, '');
  const registered = nowBy === null ? '' : `, registered by ${nowBy}`;
  const runs = nowRuns === null ? '' : `${service} now runs ${nowRuns}${registered}.`;
  return bad(`Another deployment replaced this rollback at ${endedAt}.`, runs);
}

/** A quotation as the end of a sentence; what is not known leaves no gap. */
const because = (sentence: string, words: string | null): string => {
  const said = (words ?? '').trim();
  if (said === '') return `${sentence}.`;
  return `${sentence}: ${said}${/[.!?…]$/.test(said) ? '' : '.'}`;
};

const NOT_APPLIED: Readonly<Partial<Record<Reason, (facts: OutcomeFacts) => string>>> = {
  changed: ({ service, words }) => because(`${service} changed just before the update`, words),
  'check-failed': ({ words }) => because('A check failed just before the change', words),
  refused: ({ words }) => because('ECS refused the change', words),
  'register-failed': ({ words }) => because('The copy could not be registered', words),
  'not-sent': ({ words }) => because('ECS could not be reached, so it was not asked', words),
  'too-slow': () => 'It took too long, so ECS was not asked.',
  'starter-gone': () => 'The tool restarted before it asked ECS.',
  revoked: ({ by }) => `${by} was signed out before ECS was asked.`,
};

function notAppliedWords(reason: Reason | null, facts: OutcomeFacts): OutcomeWords {
  const unused = facts.copy === null ? '' : ` ${facts.copy} was registered and is not used.`;
  if (reason === 'absent') {
    return note(
      `ECS did not take the change. Nothing was changed in ${facts.service}.`,
      `The request was lost on the way.${unused}`,
    );
  }
  const text = reason === null ? undefined : NOT_APPLIED[reason];
  return note(`Nothing was changed in ${facts.service}.`, `${text?.(facts) ?? ''}${unused}`);
}

/** How the page of a rollback is headed while nobody knows whether ECS took it. */
export const unknownWords = (): OutcomeWords =>
  note(
    'We do not know yet if ECS took the change.',
    'The answer did not arrive. We are reading ECS and will not send it again. Do not start another rollback.',
  );

/** How a watched rollback is headed once nothing has moved for an hour. */
export const lostSightWords = (last: { running: number; desired: number; at: string }): OutcomeWords =>
  note(
    'We have lost sight of this rollback.',
    `ECS made no progress for 60 min. Last: ${last.running} of ${last.desired} at ${last.at}. We go on reading.`,
  );

/** How the page of a rollback is headed, in any state, that replaced a deployment nobody could have seen. */
export const overwroteWords = (replaced: { version: string; by: string | null }): OutcomeWords =>
  note(
    'This rollback replaced a deployment that started at the same moment.',
    `${replaced.version} was being deployed${replaced.by === null ? '' : `, registered by ${replaced.by}`}.`,
  );

const WORDS_OF_STATE: Readonly<Record<State, StateWord>> = {
  starting: { icon: '…', word: 'Starting', tone: 'progress' },
  sending: { icon: '◐', word: 'Asking ECS', tone: 'progress' },
  watching: { icon: '◐', word: 'Running', tone: 'progress' },
  unknown: { icon: '?', word: 'Not known yet', tone: 'warning' },
  succeeded: { icon: '✓', word: 'Done', tone: 'good' },
  failed: { icon: '✕', word: 'Did not work', tone: 'bad' },
  superseded: { icon: '↷', word: 'Replaced', tone: 'warning' },
  'not-applied': { icon: '○', word: 'Nothing changed', tone: 'muted' },
  closed: { icon: '?', word: 'Given up while unknown', tone: 'warning' },
};

const WORDS_OF_REASON: Readonly<Partial<Record<Reason, string>>> = {
  'put-back': 'ECS put the other version back',
  'gave-up': 'ECS stopped trying',
  stuck: 'ECS could not return',
  'finished-first': 'Finished first',
  gone: 'Service deleted',
  'by-deployment': 'Replaced by a deployment',
  'by-rollback': 'Replaced by a rollback',
  stopped: 'Stopped',
  'zero-tasks': 'Set, wants 0 tasks',
};

/** A rollback's state in the record: icon and a word or two. */
export function rollbackWord(state: State, reason: Reason | null): StateWord {
  const words = reason === null ? undefined : WORDS_OF_REASON[reason];
  return words === undefined ? WORDS_OF_STATE[state] : { ...WORDS_OF_STATE[state], word: words };
}

const STOP_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^CannotPullContainer|CannotPullImage/i, 'could not pull the image'],
  [/secret|\b(ssm|asm)\b/i, 'could not read a secret'],
  [/ELB health checks|unhealthy in \(target-group/i, 'the load balancer says it is unhealthy'],
  [/container health checks/i, 'its own health check says it is unhealthy'],
  [/unable to assume the role/i, "ECS may not use the task's role"],
  [/no container instance met|insufficient|Capacity is unavailable|RESOURCE:/i, 'no room in the cluster'],
];

/** Why a task stopped, in words; the raw text stands behind "ECS said". */
export function stopWords(reason: string, exitCode: number | null): string {
  const known = STOP_REASONS.find(([pattern]) => pattern.test(reason));
  if (known) return known[1];
  return exitCode === null ? 'stopped' : `stopped with exit code ${exitCode}`;
}
