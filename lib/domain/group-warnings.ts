import type { Finding } from '@/lib/domain/checks/finding';
import { type CheckName, shortFormOf } from '@/lib/domain/checks/run-checks';

/** What the checks found for one service of a group. */
export type MemberFindings = {
  readonly service: string;
  readonly findings: readonly (readonly [CheckName, Finding])[];
};

/** A warning that one or several services of a group share: read and ticked once. */
export type SharedWarning = {
  /** What a form carries for it; the same for every service that has it. */
  readonly id: string;
  readonly short: string;
  /** Its sentences, each with the services it is about. */
  readonly said: readonly { readonly words: string; readonly services: readonly string[] }[];
  readonly services: readonly string[];
};

/** What a form carries for a warning: equal for every service whose warning is the same. */
export const warningId = (check: CheckName, finding: Finding): string => `${check}: ${shortFormOf(check, finding)}`;

/** The warnings of a group, equal ones merged, in the order in which checks are listed for its first service. */
export function sharedWarnings(members: readonly MemberFindings[]): readonly SharedWarning[] {
  const merged = new Map<string, SharedWarning>();
  for (const { service, findings } of members) {
    for (const [check, finding] of findings) {
      if (finding.kind !== 'warns') continue;
      const id = warningId(check, finding);
      const known = merged.get(id) ?? { id, short: shortFormOf(check, finding), said: [], services: [] };
      merged.set(id, {
        ...known,
        said: saidBy(known.said, finding.words, service),
        services: [...known.services, service],
      });
    }
  }
  return [...merged.values()];
}

function saidBy(said: SharedWarning['said'], words: string, service: string): SharedWarning['said'] {
  const same = said.find((one) => one.words === words);
  if (same === undefined) return [...said, { words, services: [service] }];
  return said.map((one) => (one === same ? { words, services: [...one.services, service] } : one));
}

/** Checks of one service whose warning has not been ticked. */
export const unticked = (
  { findings }: Pick<MemberFindings, 'findings'>,
  ticked: ReadonlySet<string>,
): readonly { readonly id: string; readonly check: CheckName; readonly short: string }[] =>
  findings.flatMap(([check, finding]) =>
    finding.kind === 'warns' && !ticked.has(warningId(check, finding))
      ? [{ id: warningId(check, finding), check, short: shortFormOf(check, finding) }]
      : [],
  );
