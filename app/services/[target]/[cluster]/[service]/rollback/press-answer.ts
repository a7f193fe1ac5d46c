import { type Failure, problemSentence, sentenceOf } from '@/lib/domain/failure';
import { routes } from '@/lib/routes';
import { type Kept, type PressAnswer, tickId } from './press-form';

/** Tells the next page that its rollback had been started before. */
export const ALREADY_STARTED_COOKIE = 'ecs-rollback-already-started';

/**
 * The answer to a press that did nothing. A plan that moved keeps reason, details and what was chosen; name and ticks were
 * for the old one.
 */
export function answerOf(failure: Failure, kept: Kept): PressAnswer {
  const { reason, details, hold, chosen, how } = kept;
  return {
    kind: 'not-pressed',
    words: failure.kind === 'form' ? '' : sentenceOf(failure),
    problems: failure.kind === 'form' ? problemsOf(failure) : [],
    watch: failure.kind === 'busy' ? routes.rollback(failure.id) : null,
    kept: failure.kind === 'form' ? kept : { reason, details, typed: '', ticked: [], hold, chosen, how },
  };
}

/** The fields' ids, as the form has them. */
const problemsOf = ({ problems }: Extract<Failure, { kind: 'form' }>): PressAnswer['problems'] =>
  problems.map((problem) => ({ field: fieldOf(problem), words: problemSentence(problem) }));

function fieldOf(problem: Extract<Failure, { kind: 'form' }>['problems'][number]): string {
  switch (problem.kind) {
    case 'warning-not-ticked':
      return tickId(problem.check);
    case 'shared-warning-not-ticked':
      return tickId(problem.id);
    case 'none-chosen':
    case 'count-differs':
      return 'chosen-0';
    case 'first-not-chosen':
      return 'how-0';
    case 'group-name-wrong':
    case 'name-missing':
    case 'name-wrong':
      return 'typed';
    case 'details-missing':
      return 'details';
    case 'reason-missing':
    case 'clear-reason-missing':
    case 'intended-reason-missing':
    case 'hold-reason-missing':
    case 'hold-hours-missing':
    case 'hold-not-longer':
      return 'reason-0';
    default:
      return problem satisfies never;
  }
}
