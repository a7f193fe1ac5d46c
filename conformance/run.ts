import {
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import { type Bench, createBench, type Place } from './bench';
import { type Check, type Group, isUnsupported, type Outcome, outcomeOf, wordsOf } from './check';
import { circuitBreaker } from './checks/circuit-breaker';
import { errors } from './checks/errors';
import { listing } from './checks/listing';
import { registration } from './checks/registration';
import { rollout } from './checks/rollout';
import { serviceDeployments } from './checks/service-deployments';
import { statuses } from './checks/statuses';
import { stopping } from './checks/stopping';

/** Everything that is checked, in the order it is told. */
export const GROUPS: readonly Group[] = [
  registration,
  statuses,
  listing,
  errors,
  rollout,
  serviceDeployments,
  circuitBreaker,
  stopping,
];

/** What a run needs. */
export type Run = { readonly ecs: ECSClient; readonly place: Place; readonly say: (line: string) => void };

/** Runs every check, tells each as it ends, and answers whether nothing deviates and something passed. */
export async function runConformance({ ecs, place, say }: Run): Promise<boolean> {
  const total = GROUPS.reduce((sum, { checks }) => sum + checks.length, 0);
  const silence = await unusable(ecs);
  if (silence !== null) {
    say(`The endpoint does not answer as Amazon ECS does, so nothing was checked. ListClusters: ${silence}`);
    say(`0 of ${total} passed`);
    return false;
  }
  const bench = createBench(ecs, place);
  say(`Everything created is named ${bench.prefix}…`);
  const outcomes: Outcome[] = [];
  for (const { title, checks } of GROUPS) {
    say(`\n${title}`);
    for (const check of checks) outcomes.push(await told(check, bench, say));
  }
  await cleanUp(bench).catch((error: unknown) => say(`\nNot everything could be removed: ${wordsOf(error)}`));
  const count = (kind: Outcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  say(`\n${count('deviates')} deviate, ${count('not-supported')} not supported`);
  say(`${count('pass')} of ${total} passed`);
  return count('deviates') === 0 && count('pass') > 0;
}

/** Why the endpoint cannot be checked at all, or `null`. */
async function unusable(ecs: ECSClient): Promise<string | null> {
  try {
    await ecs.send(new ListClustersCommand({ maxResults: 1 }));
    return null;
  } catch (error) {
    return isUnsupported(error) ? null : wordsOf(error);
  }
}

const LABELS = { pass: 'pass         ', deviates: 'deviates     ', 'not-supported': 'not supported' } as const;

async function told(check: Check, bench: Bench, say: Run['say']): Promise<Outcome> {
  const outcome = await outcomeOf(check, bench);
  const why = outcome.kind === 'not-supported' ? ` (${outcome.why})` : '';
  say(`  ${LABELS[outcome.kind]}  ${check.name}${why}`);
  if (outcome.kind === 'deviates') {
    say(`                   expected  ${outcome.expected}`);
    say(`                   actual    ${outcome.actual}`);
  }
  return outcome;
}

/** Removes what the run created. */
async function cleanUp({ ecs, prefix }: Bench): Promise<void> {
  const services = await ecs.send(new ListServicesCommand({ cluster: prefix, maxResults: 100 })).catch(() => null);
  for (const service of services?.serviceArns ?? []) {
    await ecs.send(new DeleteServiceCommand({ cluster: prefix, service, force: true }));
  }
  const { families = [] } = await ecs.send(
    new ListTaskDefinitionFamiliesCommand({ familyPrefix: prefix, status: 'ACTIVE' }),
  );
  for (const familyPrefix of families) {
    const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix }));
    for (const taskDefinition of taskDefinitionArns)
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  }
  if (services) await ecs.send(new DeleteClusterCommand({ cluster: prefix }));
}
