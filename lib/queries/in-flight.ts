import 'server-only';
import { lastPart, revisionName } from '@/lib/domain/arn';
import { isDeploying } from '@/lib/domain/checks/past';
import { consoleUrl } from '@/lib/domain/console';
import { returnOf } from '@/lib/domain/plan';
import { returningWords, returnUnderWay } from '@/lib/domain/returning';
import { type Deployment, primaryOf, type ServiceDeployment } from '@/lib/domain/service';
import { formatTime } from '@/lib/domain/time-words';
import { nameRevision, type ServiceContext } from './service-context';

/** A deployment that is not ours and still runs, and whether stopping it has a certain way back. */
export type InFlight = {
  readonly words: string;
  /** Where a person can continue it in the console, where it waits for one; `null` where it goes on by itself. */
  readonly paused: string | null;
  readonly stop: { readonly returnTo: string; readonly deployment: string } | null;
  /** Why it cannot be stopped from here; `null` where it can, or where that is no question. */
  readonly why: string | null;
};

/** What ECS does with a service of its own accord, or somebody else's; `null` where nothing. */
export function inFlightOf(context: ServiceContext): InFlight | null {
  const { target, service, known } = context;
  const primary = primaryOf(service);
  if (known.active !== null || primary === null || !isDeploying(service)) return null;
  const deployments = known.deployments.ok ? known.deployments.value : [];
  const { region } = target;
  const paused = deployments.some(({ waitingForHook }) => waitingForHook)
    ? consoleUrl({ region, cluster: service.clusterName, service: service.name })
    : null;
  const back = returnUnderWay(deployments);
  if (back === null) return { paused, ...deployingOf(context, primary, deployments) };
  const to = back.to?.taskDefinitionArn ?? null;
  const words = returningWords(back, service.name, to === null ? null : nameOf(context, to));
  return { words: `${words}, ${tasksOf(context, primary)}.`, paused, stop: null, why: null };
}

function deployingOf(
  context: ServiceContext,
  primary: Deployment,
  deployments: readonly ServiceDeployment[],
): Omit<InFlight, 'paused'> {
  const { taskDefinitionArn, createdAt } = primary;
  const started = formatTime(createdAt, context.now);
  const words = `${nameOf(context, taskDefinitionArn)} is being deployed, ${tasksOf(context, primary)}, started ${started}.`;
  const current = deployments.find(({ status }) => status === 'PENDING' || status === 'IN_PROGRESS');
  const back = current === undefined ? null : returnOf(current, deployments);
  if (current === undefined || back?.taskDefinitionArn == null)
    return { words, stop: null, why: 'We cannot tell what ECS would return to.' };
  return {
    words,
    stop: { returnTo: nameOf(context, back.taskDefinitionArn), deployment: lastPart(current.arn) },
    why: null,
  };
}

const tasksOf = ({ service }: ServiceContext, { runningCount }: Deployment): string =>
  `${runningCount} of ${service.desiredCount} tasks`;

function nameOf(context: ServiceContext, arn: string): string {
  const revision = context.application.reads.knownSummary(arn);
  return revision === null ? revisionName(arn) : nameRevision(context, revision).name;
}
