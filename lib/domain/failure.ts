import type { CheckName } from '@/lib/domain/checks/run-checks';
import { formatTime } from '@/lib/domain/time-words';

/** Something wrong with a form that its reader can mend. */
export type FormProblem =
  | { readonly kind: 'name-missing' | 'name-wrong'; readonly service: string }
  | { readonly kind: 'reason-missing' | 'details-missing'; readonly forward: boolean }
  | { readonly kind: 'clear-reason-missing' }
  | { readonly kind: 'intended-reason-missing' }
  | { readonly kind: 'group-name-wrong'; readonly service: string }
  | { readonly kind: 'none-chosen' }
  | { readonly kind: 'count-differs'; readonly chosen: number; readonly counted: number }
  | { readonly kind: 'first-not-chosen' }
  | { readonly kind: 'shared-warning-not-ticked'; readonly id: string; readonly short: string }
  | { readonly kind: 'hold-reason-missing' }
  | { readonly kind: 'hold-hours-missing' }
  | { readonly kind: 'hold-not-longer' }
  | { readonly kind: 'warning-not-ticked'; readonly check: CheckName; readonly short: string };

/** Why a press did nothing. Every member says so by data; {@link sentenceOf} makes the words. */
export type Failure =
  | { readonly kind: 'form'; readonly problems: readonly FormProblem[] }
  | { readonly kind: 'stale'; readonly service: string; readonly planned: string; readonly now: string }
  | { readonly kind: 'group-stale' }
  | { readonly kind: 'blocked'; readonly words: readonly string[] }
  | {
      readonly kind: 'busy';
      readonly id: string;
      readonly service: string;
      readonly by: string;
      readonly since: number;
      readonly now: number;
    }
  | { readonly kind: 'lost-role'; readonly target: string }
  | { readonly kind: 'unreadable'; readonly words: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-your-plan' }
  | { readonly kind: 'groups-unknown' }
  | { readonly kind: 'session-over' }
  | { readonly kind: 'database-down' }
  | { readonly kind: 'too-many-presses' }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'not-unknown' }
  | { readonly kind: 'no-mark' }
  | { readonly kind: 'no-overwrite' }
  | { readonly kind: 'no-hold' };

/** Why a mark was not cleared. */
export type ClearFailure = Extract<
  Failure,
  {
    readonly kind:
      | 'form'
      | 'not-found'
      | 'lost-role'
      | 'groups-unknown'
      | 'session-over'
      | 'database-down'
      | 'unreadable'
      | 'no-mark';
  }
>;

/** The sentence a failed press is answered with. */
export function sentenceOf(failure: Failure): string {
  switch (failure.kind) {
    case 'form':
      return failure.problems.map(problemSentence).join(' ');
    case 'stale':
      return failure.now === failure.planned
        ? `${failure.service} changed while you were reading. Nothing has been done. Read the new plan below.`
        : `${failure.service} changed while you were reading: it now runs ${failure.now}, not ${failure.planned}. Nothing has been done. Read the new plan below.`;
    case 'group-stale':
      return 'Every service you chose changed while you were reading. Nothing has been done. Read the new plan below.';
    case 'blocked':
      return failure.words.join(' ');
    case 'busy':
      return `${failure.by} started a rollback of ${failure.service} at ${formatTime(failure.since, failure.now)}. Nothing has been done.`;
    case 'lost-role':
      return `You can no longer roll back in ${failure.target}. Nothing has been done.`;
    case 'unreadable':
      return `ECS could not be read, so nothing has been done: ${failure.words}`;
    case 'not-found':
      return 'We cannot find that plan. Nothing has been done. Open the service and plan again.';
    case 'not-your-plan':
      return 'This plan was drawn for somebody else, or is not the one you read. Nothing has been done. Read the plan below.';
    case 'groups-unknown':
      return 'Your groups cannot be checked just now, so no rollback can be started. Use the commands below.';
    case 'session-over':
      return 'You were signed out before the rollback was stored. Nothing has been done. Sign in again.';
    case 'database-down':
      return 'Rollbacks cannot be recorded, so none can be started. Use the commands below.';
    case 'too-many-presses':
      return 'That is more than six presses in a minute. Nothing has been done. Wait a minute and try again.';
    case 'restarting':
      return 'The tool is restarting, so nothing has been done. Try again in a minute.';
    case 'not-unknown':
      return 'This rollback is not waiting for an answer any more, or not for a minute yet. Nothing has been done.';
    case 'no-mark':
      return 'There is no such mark any more. Nothing has been done.';
    case 'no-overwrite':
      return 'Nothing overwrites this rollback any more. Nothing has been done.';
    case 'no-hold':
      return 'There is no such hold any more. Nothing has been done.';
    default:
      return failure satisfies never;
  }
}

const SHORT_WORDS: Readonly<Record<Failure['kind'], string>> = {
  form: 'the form was not filled in',
  stale: 'plan was stale',
  'group-stale': 'plans were stale',
  blocked: 'a check blocked it',
  busy: 'another rollback was running',
  'lost-role': 'no right to roll back there',
  unreadable: 'ECS could not be read',
  'not-found': 'no such plan',
  'not-your-plan': "somebody else's plan",
  'groups-unknown': 'groups could not be checked',
  'session-over': 'signed out',
  'database-down': 'could not be recorded',
  'too-many-presses': 'too many presses',
  restarting: 'the tool was restarting',
  'not-unknown': 'nothing to give up',
  'no-mark': 'no such mark',
  'no-overwrite': 'nothing overwrote it',
  'no-hold': 'no such hold',
};

/** Why a press was refused, in a few words for the record. Kinds of former releases are shown as they are. */
export const refusalWords = (kind: string): string =>
  Object.hasOwn(SHORT_WORDS, kind) ? SHORT_WORDS[kind as Failure['kind']] : kind;

const whyWords = ({ forward }: { readonly forward: boolean }): string =>
  `Say why you are rolling ${forward ? 'forward' : 'back'}`;

/** What is wrong with one field, beside it and in the summary. */
export function problemSentence(problem: FormProblem): string {
  switch (problem.kind) {
    case 'name-missing':
      return `Type ${problem.service} to confirm`;
    case 'name-wrong':
      return `That is not the service name. Type ${problem.service} to confirm`;
    case 'reason-missing':
      return whyWords(problem);
    case 'details-missing':
      return `${whyWords(problem)}: “Other” needs details`;
    case 'clear-reason-missing':
      return 'Say why you clear this mark';
    case 'intended-reason-missing':
      return 'Say why this was intended';
    case 'hold-reason-missing':
      return 'Say why';
    case 'hold-hours-missing':
      return 'Choose for how long';
    case 'hold-not-longer':
      return 'It holds longer than that already. Choose a longer time';
    case 'group-name-wrong':
      return `That is not the name. Type ${problem.service} to confirm`;
    case 'none-chosen':
      return 'Choose at least one service';
    case 'count-differs':
      return `You have chosen ${problem.chosen === 1 ? '1 service' : `${problem.chosen} services`}, and the button said ${problem.counted}. Nothing has been done. Press again to go on with ${problem.chosen}`;
    case 'first-not-chosen':
      return 'The service that was to go first is not chosen. Choose it, or all at once';
    case 'shared-warning-not-ticked':
    case 'warning-not-ticked':
      return `Tick the box to show you have read: ${problem.short}`;
    default:
      return problem satisfies never;
  }
}
