import type { RollbackFacts } from '@/lib/domain/facts';
import { alreadyRunning, beingDeleted, completeCopy, family, lessResources, revisionReadable } from './definition';
import { logGroup, rolesExist, secretsExist } from './dependencies';
import type { Draft } from './draft';
import type { Finding } from './finding';
import { imageDigest, imagesExist } from './images';
import { connectPort, lbPort, networkMode, platform, volumesAtLaunch } from './network';
import { age, database, deploymentRunning, ecsRollingBack, neverSteady, rolledBackFrom, stillStoppable } from './past';
import { capacity, controller, rollbackActive, roomToReplace, serviceActive, slowStrategy, zeroTasks } from './service';

type Check = (facts: RollbackFacts, draft: Draft) => Finding;

/** Every check, in the order pages list them. A line here is the whole registration. */
const CHECKS = {
  'service-active': serviceActive,
  controller,
  'rollback-active': rollbackActive,
  'still-stoppable': stillStoppable,
  'revision-readable': revisionReadable,
  'being-deleted': beingDeleted,
  family,
  'already-running': alreadyRunning,
  'complete-copy': completeCopy,
  'images-exist': imagesExist,
  'image-digest': imageDigest,
  'lb-port': lbPort,
  'connect-port': connectPort,
  'network-mode': networkMode,
  platform,
  'volumes-at-launch': volumesAtLaunch,
  'room-to-replace': roomToReplace,
  'secrets-exist': secretsExist,
  'roles-exist': rolesExist,
  'log-group': logGroup,
  'deployment-running': deploymentRunning,
  'ecs-rolling-back': ecsRollingBack,
  'never-steady': neverSteady,
  'rolled-back-from': rolledBackFrom,
  age,
  'less-resources': lessResources,
  'slow-strategy': slowStrategy,
  'zero-tasks': zeroTasks,
  capacity,
  database,
} as const satisfies Record<string, Check>;

/** A check's id, as forms and the record name it. */
export type CheckName = keyof typeof CHECKS;

/** Every check's id, in the order pages list them. */
export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];

/** What each check that applies concluded, in the order pages list them. */
export type Findings = ReadonlyMap<CheckName, Finding>;

/** Checks that apply to stopping a deployment; a copy is judged by all others. */
const OF_STOP: ReadonlySet<CheckName> = new Set([
  'service-active',
  'controller',
  'rollback-active',
  'still-stoppable',
  'images-exist',
  'rolled-back-from',
]);

/** Runs every check that applies to the draft. */
export function runChecks(facts: RollbackFacts, draft: Draft): Findings {
  const names = CHECK_NAMES.filter((name) => (draft.kind === 'stop' ? OF_STOP.has(name) : name !== 'still-stoppable'));
  return new Map(names.map((name) => [name, CHECKS[name](facts, draft)]));
}

/**
 * What stands against going ahead: every block, and each warning that has not been ticked.
 *
 * The plan page draws its form from this and `confirm` asks it again, so the two cannot disagree.
 */
export function objections(findings: Findings, ticked: ReadonlySet<string>): readonly CheckName[] {
  return [...findings]
    .filter(([name, { kind }]) => kind === 'blocks' || (kind === 'warns' && !ticked.has(name)))
    .map(([name]) => name);
}

/** What a person ticks, "I have read: …", where a finding does not say it closer. Checks that never warn have none. */
export const SHORT_FORMS: Partial<Record<CheckName, string>> = {
  'rollback-active': 'another rollback is replaced',
  'being-deleted': 'the revision is being deleted',
  'image-digest': 'other images than those that ran may be used',
  'room-to-replace': 'tasks are replaced one for one on every instance',
  'log-group': 'a log group is missing',
  'deployment-running': 'a running deployment is replaced',
  'ecs-rolling-back': 'ECS is rolling back by itself',
  'never-steady': 'it never became steady',
  'rolled-back-from': 'it was rolled back from',
  age: 'it did not run here lately',
  'less-resources': 'CPU or memory go down',
  'slow-strategy': 'it takes longer',
  'zero-tasks': 'nothing will run',
};

/** What a person ticks to have read one warning. */
export const shortFormOf = (check: CheckName, finding: Finding | undefined): string =>
  (finding?.kind === 'warns' ? finding.short : undefined) ?? SHORT_FORMS[check] ?? check;
