import type { Probe } from '@/lib/aws/permission-probe';
import type { Target } from '@/lib/domain/target';
import { filled, type Names, type Policy, SHIPPED, type Statement, statementsFor } from './iam-policies';

const MARKS = { works: '✓', missing: '✕', 'not-known': '–' } as const satisfies Record<Probe['result'], string>;

/** A target's probes as a table, and the statements to add for what is missing. */
export function report(target: Target, probes: readonly Probe[]): { readonly text: string; readonly works: boolean } {
  const width = Math.max(...probes.map(({ action }) => action.length));
  const rows = probes.map(({ action, result, words }) => `  ${MARKS[result]} ${action.padEnd(width)}  ${words}`);
  const missing = probes.filter(({ result }) => result === 'missing').map(({ action }) => action);
  const count = (result: Probe['result']): number => probes.filter((probe) => probe.result === result).length;
  const heading = `${target.name}  ${target.account ?? 'account of the credentials'}  ${target.region}`;
  const summary = `  ${count('works')} work, ${count('missing')} missing, ${count('not-known')} not known. Rolling back itself is not tried: compare the writing role with docs/iam/writer-policy.json.`;
  return {
    text: [heading, ...rows, summary, ...advice(target, new Set(missing)), ''].join('\n'),
    works: missing.length === 0,
  };
}

function advice(target: Target, missing: ReadonlySet<string>): readonly string[] {
  const names = namesOf(target);
  const of = (policy: Policy): readonly Statement[] => statementsFor(filled(policy, names), missing);
  const account = missing.has('sts:GetCallerIdentity')
    ? ['  The credentials are of another account. Correct account, or the roles.']
    : [];
  return [
    ...account,
    ...addTo(target.readerRole ?? 'the role this process runs with', of(SHIPPED.reader)),
    ...(missing.has('sts:AssumeRole')
      ? [
          ...addTo('the role this process runs with', of(SHIPPED.dashboard)),
          ...addTo('the trust policy of the role that was not taken', filled(SHIPPED.trust, names).Statement),
        ]
      : []),
  ];
}

const addTo = (where: string, statements: readonly Statement[]): readonly string[] =>
  statements.length === 0 ? [] : [`  Add to ${where}:`, ...statements.map((one) => `    ${JSON.stringify(one)}`)];

/** What stands for the placeholders; what the configuration does not know keeps its name. */
function namesOf({ account, region, clusters, externalId }: Target): Names {
  return {
    REGION: [region],
    ...(account !== null && { ACCOUNT: [account] }),
    CLUSTER: clusters ?? ['*'],
    ...(externalId !== null && { EXTERNAL_ID: ['(the externalId of this target)'] }),
  };
}
