import { revisionName } from '@/lib/domain/arn';
import type { RollbackFacts } from '@/lib/domain/facts';
import { meantDigests, ranDigests } from '@/lib/domain/history';
import type { PastRollback } from '@/lib/domain/past-rollback';
import type { Digests } from '@/lib/domain/service';

type UndoFacts = Pick<RollbackFacts, 'wish' | 'past'> & {
  readonly service: Pick<RollbackFacts['service'], 'taskDefinitionArn'>;
};

/**
 * The rollback that is undone: the one the address names, while the service still runs its copy and the version it left
 * is asked for. `null` otherwise, which makes it an ordinary plan.
 */
export function undoneBy({ wish, past, service }: UndoFacts): PastRollback | null {
  const named = past.find(({ id }) => id === wish.undo);
  if (named === undefined || named.copyArn !== service.taskDefinitionArn) return null;
  return revisionName(named.leftArn) === wish.to ? named : null;
}

type WantedFacts = UndoFacts & Pick<RollbackFacts, 'deployments'>;

/** Digests of the version wanted: an undo brings back the images that ran when it was left. */
export function wantedDigests(facts: WantedFacts, arn: string): Digests {
  const { wish, past, deployments } = facts;
  return leftDigests(facts) ?? ranDigests({ arn, ran: wish.ran, deployments, past });
}

function leftDigests(facts: UndoFacts): Digests | null {
  const left = undoneBy(facts)?.leftDigests;
  return left !== undefined && left.size > 0 ? left : null;
}

/** Whether the address asks for images that nobody can name any more: today's would come in their place unasked. */
export function asksForUnknownImages(facts: WantedFacts, arn: string): boolean {
  const { wish, past, deployments } = facts;
  return (
    wish.ran !== null && leftDigests(facts) === null && meantDigests({ arn, ran: wish.ran, deployments, past }) === null
  );
}
