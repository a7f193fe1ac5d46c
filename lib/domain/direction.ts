import { parseTaskDefinitionArn } from '@/lib/domain/arn';
import { countsAs } from '@/lib/domain/history';
import type { PastRollback } from '@/lib/domain/past-rollback';

/** Two task definitions: the one that runs, and the one that is wished for. */
export type Journey = { readonly from: string; readonly to: string };

/**
 * Whether a journey leads to a newer version of the same family. Copies are asked as what they are copies of: the number
 * of a copy only says when it was made.
 */
export function isForward(past: readonly PastRollback[], { from, to }: Journey): boolean {
  const originOf = countsAs(past);
  const [running, wanted] = [parseTaskDefinitionArn(originOf(from)), parseTaskDefinitionArn(originOf(to))];
  return running !== null && wanted !== null && wanted.family === running.family && wanted.number > running.number;
}
