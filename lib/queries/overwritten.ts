import 'server-only';
import type { Application } from '@/lib/application';
import { type InForce, inForce } from '@/lib/db/overwrites';
import { type OverwriteFacts, overwriteBackground, overwriteSentence } from '@/lib/domain/overwrite-words';
import { shortName } from '@/lib/domain/version';
import { nameOfCopy } from '@/lib/domain/version-name';
import { routes } from '@/lib/routes';

/** A rollback that was overwritten, as pages warn of it. */
export type Overwritten = {
  readonly rollbackId: string;
  readonly serviceArn: string;
  readonly sentence: string;
  /** Who registered what runs, and why there was a rollback. */
  readonly background: string;
  /** `Roll back again to release-1119 (421)`, and the plan it leads to. */
  readonly again: { readonly words: string; readonly href: string };
};

/** Warnings of what overwrote rollbacks, by service ARN; those of every service where none is named. */
export async function overwrittenServices(
  { database, now }: Pick<Application, 'database' | 'now'>,
  only?: readonly string[],
): Promise<ReadonlyMap<string, Overwritten>> {
  const known = await inForce(database, only);
  return new Map(
    known.flatMap((one) => {
      const facts = overwriteFacts(one);
      return facts === null ? [] : [[one.rollback.serviceArn, warning(one, facts, now())] as const];
    }),
  );
}

/** What the sentences about an overwritten rollback are filled with; `null` where nothing overwrote it. */
function overwriteFacts({ rollback, plan, found }: InForce): OverwriteFacts | null {
  if (found === null) return null;
  return {
    finding: found.finding,
    service: rollback.service,
    left: shortName(plan.from, plan.to),
    ours: shortName(plan.to, plan.from),
    now: { name: found.name, by: found.by, at: found.at },
    rolledBackAt: rollback.createdAt,
    reason: rollback.why,
  };
}

/** The sentence about a rollback that may have been overwritten. */
export function sentenceOn(one: InForce | undefined, at: number): string | null {
  const facts = one === undefined ? null : overwriteFacts(one);
  return facts === null ? null : overwriteSentence(facts, at);
}

const warning = (one: InForce, facts: OverwriteFacts, at: number): Overwritten => ({
  rollbackId: one.rollback.id,
  serviceArn: one.rollback.serviceArn,
  sentence: overwriteSentence(facts, at),
  background: overwriteBackground(facts, at),
  again: againOf(one, facts),
});

/**
 * The way back to what the rollback had brought. Images that are still ours cannot be brought back once more, so where
 * only settings were replaced it is the copy that comes back, whole.
 */
function againOf({ rollback, plan }: InForce, { finding }: OverwriteFacts): Overwritten['again'] {
  const { target, cluster, service, copyArn } = rollback;
  const again = rollback.id;
  if (finding === 'settings-replaced' && plan.bring === 'images' && copyArn !== null) {
    const to = copyArn.slice(copyArn.lastIndexOf('/') + 1);
    return {
      words: `Roll back again to ${nameOfCopy(plan.to.tag, copyArn, plan.copiedFrom)}`,
      href: routes.plan({ target, cluster, service }, { to, bring: 'everything', again }),
    };
  }
  const { to, ran } = plan.wish;
  const bring = plan.wish.bring ?? plan.bring;
  return {
    words: `Roll back again to ${plan.to.name}`,
    href: routes.plan({ target, cluster, service }, { to, bring, ran, again }),
  };
}
