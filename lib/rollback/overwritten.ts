import 'server-only';
import type { Application } from '@/lib/application';
import type { UpdatedService } from '@/lib/aws/ecs-writes';
import { addEvent } from '@/lib/db/rollbacks';
import type { Plan } from '@/lib/domain/plan-shape';
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
  const found = (listed.ok ? listed.value : []).find(
    ({ arn, taskDefinitionArn, status }) =>
      !known.has(arn) && !OVER.has(status) && taskDefinitionArn !== null && taskDefinitionArn !== copy.arn,
  );
  if (found?.taskDefinitionArn == null) return null;
  return { deployment: found.arn, taskDefinition: found.taskDefinitionArn } satisfies Stranger;
}
