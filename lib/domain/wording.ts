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
  // Not a state of ECS's but of a hook in it.
  AWAITING_ACTION: { icon: '‖', word: 'Paused, waiting for someone', tone: 'warning' },
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
  [/CannotPull(Container|Image)|unable to retrieve ecr registry auth/i, 'could not pull the image'],
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
