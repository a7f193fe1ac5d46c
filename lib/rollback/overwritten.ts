import 'server-only';
import type { Application } from '@/lib/application';
import type { UpdatedService } from '@/lib/aws/ecs-writes';
import { entriesOf } from '@/lib/db/record';
import { addEvent, getPlan, type Rollback } from '@/lib/db/rollbacks';
import type { Plan } from '@/lib/domain/plan-shape';
import type { ServiceDeployment } from '@/lib/domain/service';
import { nameVersion } from './name-version';
import type { Copy } from './register';
import type { Start } from './starter';

/**
 * Names a deployment that began between our last look and our write, and was overwritten: ECS has no compare-and-swap.
 *
 * The answer to the write shows it while it has tasks; ECS's list of deployments shows it afterwards too.
 */
export async function nameOverwritten(
  { rollback, plan }: Start,
  copy: Copy,
  answer: UpdatedService,
  application: Application,
): Promise<void> {
  const stranger = strangerIn(answer, plan, copy) ?? (await strangerListed(plan, copy, application));
  if (stranger === null) return;
  const { target, service } = plan;
  const version = await nameVersion({ target, service, arn: stranger.taskDefinition }, application);
  await addEvent(application.database, application.log, rollback.id, 'overwrote', { ...stranger, version });
}

/**
 * Names it where the answer reached nobody, or whoever heard it is gone: by ECS's list, a deployment between the one the
 * plan knew and ours. Named once, however often it is looked for.
 */
export async function lookForOverwritten(rollback: Rollback, application: Application): Promise<void> {
  const { cluster, service: name } = rollback;
  const { database, log, aws } = application;
  const [target, plan] = [application.target(rollback.target), await getPlan(database, rollback.planId)];
  if (target === null || plan === null || rollback.copyArn === null) return;
  const entries = await entriesOf(database, rollback.id);
  if (entries.some(({ kind }) => kind === 'overwrote')) return;
  const listed = await aws.reader(target).serviceDeployments(cluster, name, { priority: 'rollback' });
  const stranger = listed.ok ? strangerBefore(rollback, plan.body.from.arn, listed.value) : null;
  if (stranger?.taskDefinitionArn == null) return;
  const { arn, taskDefinitionArn: taskDefinition } = stranger;
  const service = { name, clusterName: cluster, loadBalancers: [] };
  const version = await nameVersion({ target, service, arn: taskDefinition }, application);
  await addEvent(database, log, rollback.id, 'overwrote', { deployment: arn, taskDefinition, version });
}

/** Reads show what began so long ago; what the press did not see is not older. */
const READS_LAG_MS = 60_000;

function strangerBefore(
  { copyArn, createdAt }: Rollback,
  fromArn: string,
  records: readonly ServiceDeployment[],
): ServiceDeployment | null {
  const ours = records.findLast(({ taskDefinitionArn }) => taskDefinitionArn === copyArn);
  if (ours === undefined || copyArn === null) return null;
  const before = records.filter((one) => one.createdAt < ours.createdAt && one.createdAt > createdAt - READS_LAG_MS);
  return before.find((one) => isStranger(one, copyArn) && one.taskDefinitionArn !== fromArn) ?? null;
}

/** What came and ended by itself was not overwritten; what ours replaced is stopped. */
const OVER: ReadonlySet<string> = new Set(['SUCCESSFUL', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

type Stranger = { readonly deployment: string; readonly taskDefinition: string };

function strangerIn({ deployments }: UpdatedService, { service }: Plan, copy: Copy): Stranger | null {
  const known = new Set(service.deployments.map(({ id }) => id));
  const found = deployments.find(({ id, taskDefinitionArn }) => !known.has(id) && taskDefinitionArn !== copy.arn);
  return found === undefined ? null : { deployment: found.id, taskDefinition: found.taskDefinitionArn };
}

async function strangerListed({ target, service, facts }: Plan, copy: Copy, { aws }: Application) {
  if (!facts.deployments.ok) return null;
  const known = new Set(facts.deployments.value.map(({ arn }) => arn));
  const listed = await aws
    .reader(target)
    .serviceDeployments(service.clusterName, service.name, { priority: 'rollback' });
  const found = (listed.ok ? listed.value : []).find((one) => !known.has(one.arn) && isStranger(one, copy.arn));
  if (found?.taskDefinitionArn == null) return null;
  return { deployment: found.arn, taskDefinition: found.taskDefinitionArn } satisfies Stranger;
}

const isStranger = ({ status, taskDefinitionArn }: ServiceDeployment, copyArn: string): boolean =>
  !OVER.has(status) && taskDefinitionArn !== null && taskDefinitionArn !== copyArn;
