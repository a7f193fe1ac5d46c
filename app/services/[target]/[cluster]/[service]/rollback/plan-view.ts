import { lastPart } from '@/lib/domain/arn';
import { type CheckName, shortFormOf } from '@/lib/domain/checks/run-checks';
import { sentenceOf } from '@/lib/domain/failure';
import { returnOf } from '@/lib/domain/plan';
import type { Plan, Planned, RanWords } from '@/lib/domain/plan-shape';
import type { Version } from '@/lib/domain/version';
import { REASONS_FOR_ROLLING_BACK, REASONS_FOR_UNDOING } from '@/lib/domain/wording';
import type { NotPressable } from '@/lib/rollback/plan-rollback';
import { routes, type ServiceAddress } from '@/lib/routes';

/** What a check found, and where its sentence leads. */
export type FindingView = {
  readonly words: string;
  readonly link: { readonly words: string; readonly href: string } | null;
};

/** A warning, and the box that says it was read. */
export type WarningView = FindingView & { readonly check: CheckName; readonly short: string };

/** What the checks concluded, sorted by what a person has to do about it. */
export type ChecksView = {
  readonly blocks: readonly FindingView[];
  readonly warnings: readonly WarningView[];
  readonly notChecked: readonly string[];
  readonly passed: readonly string[];
  /** `1 warning, 20 passed, 2 not checked`. */
  readonly summary: string;
};

/** What a page says of a plan by its kind: going back, going forward, undoing, stopping. */
export type PlanWords = {
  readonly heading: string;
  /** The page's part of its title. */
  readonly title: string;
  readonly button: string;
  /** For a channel, without a full stop. */
  readonly channel: string;
};

/** The two versions every plan but a choice of version has. */
export type SidesView = { readonly from: Version; readonly to: Version; readonly ran: RanWords };

type Place = { readonly service: string; readonly target: string };

type Naming = SidesView & { readonly forward: boolean; readonly undo: string | null; readonly kind: 'copy' | 'stop' };

/** Heading, title and button of a plan. */
export function planWords({ from, to, forward, undo, kind }: Naming, { service, target }: Place): PlanWords {
  const numbers = `${from.number} → ${to.number}`;
  const names = `from ${from.name} to ${to.name}`;
  if (kind === 'stop') {
    return {
      heading: `Stop the deployment of ${service} in ${target}`,
      title: `Stop plan ${numbers}`,
      button: `Stop the deployment of ${service} in ${target}`,
      channel: `${service} in ${target}: plan to stop the deployment of ${from.name} and return to ${to.name}`,
    };
  }
  if (undo !== null) {
    return {
      heading: `Undo rollback ${undo}: return ${service} to ${to.tag ?? to.name} in ${target}`,
      title: `Undo plan ${numbers}`,
      button: `Undo the rollback of ${service} in ${target}`,
      channel: `${service} in ${target}: undo plan ${names}`,
    };
  }
  const roll = forward ? 'Roll forward' : 'Roll back';
  return {
    heading: `${roll} ${service} in ${target}`,
    title: `${forward ? 'Roll-forward' : 'Rollback'} plan ${numbers}`,
    button: `${roll} ${service} in ${target}`,
    channel: `${service} in ${target}: ${forward ? 'roll-forward' : 'rollback'} plan ${names}`,
  };
}

/** What a planned rollback is called; a wish without a version has only the service. */
export function wordsOf(planned: Planned, place: Place, stops: boolean): PlanWords {
  if (planned.kind === 'plan') return planWords(planned.plan, place);
  if (planned.kind === 'choose-bring') return planWords({ ...planned, undo: null, kind: 'copy' }, place);
  const { service, target } = place;
  const heading = stops ? `Stop the deployment of ${service} in ${target}` : `Roll back ${service} in ${target}`;
  return {
    heading,
    title: stops ? 'Stop plan' : 'Rollback plan',
    button: heading,
    channel: `${service} in ${target}: rollback plan`,
  };
}

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

/** Findings as the page lists them. */
export function checksView(plan: Plan, address: ServiceAddress): ChecksView {
  const all = [...plan.findings];
  const words = (kind: string): readonly string[] =>
    all.flatMap(([, finding]) => (finding.kind === kind ? [finding.words] : []));
  const found = (kind: string) =>
    all.flatMap(([check, finding]) =>
      finding.kind === kind
        ? [{ check, words: finding.words, short: shortFormOf(check, finding), link: linkOf(check, plan, address) }]
        : [],
    );
  const [blocks, warnings] = [found('blocks'), found('warns')];
  const [notChecked, passed] = [words('not-checked'), words('passed')];
  const summary = [
    ...(blocks.length > 0 ? [count(blocks.length, 'reason against it', 'reasons against it')] : []),
    ...(warnings.length > 0 ? [count(warnings.length, 'warning')] : []),
    `${passed.length} passed`,
    ...(notChecked.length > 0 ? [`${notChecked.length} not checked`] : []),
  ].join(', ');
  return { blocks, warnings, notChecked, passed, summary };
}

/** Another rollback can be watched, and a deployment that runs be stopped where its end is certain. */
function linkOf(check: CheckName, { facts }: Plan, address: ServiceAddress): FindingView['link'] {
  if (check === 'rollback-active' && facts.active !== null) {
    return { words: 'Watch it', href: routes.rollback(facts.active.id) };
  }
  if (check !== 'deployment-running' || !facts.deployments.ok) return null;
  const running = facts.deployments.value.find(({ status }) => status === 'PENDING' || status === 'IN_PROGRESS');
  if (running === undefined || returnOf(running, facts.deployments.value) === null) return null;
  return { words: 'Stop that deployment instead', href: routes.plan(address, { stop: lastPart(running.arn) }) };
}

/** Why there is no final form, in words; `null` where there is one, or where something else stands in its place. */
export function insteadOf(notSaved: NotPressable | null): string | null {
  switch (notSaved) {
    case 'database-down':
    case 'groups-unknown':
      return sentenceOf({ kind: notSaved });
    case 'too-many-plans':
      return 'That is more than thirty plans in a minute. Wait a minute, then load this page again.';
    case 'viewer':
    case null:
      return null;
    default:
      return notSaved satisfies never;
  }
}

/** Reasons people choose from. */
export const reasonsFor = ({ undo }: Pick<Plan, 'undo'>): readonly string[] =>
  undo === null ? REASONS_FOR_ROLLING_BACK : REASONS_FOR_UNDOING;

/** Whether the pipeline's next deployment would replace what this plan does. */
export const meetsPipeline = ({ undo, forward }: Pick<Plan, 'undo' | 'forward'>): boolean => undo === null && !forward;
