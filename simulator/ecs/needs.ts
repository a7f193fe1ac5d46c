import type { Moment } from '@/simulator/call';
import type { Region } from '@/simulator/world';
import type { Revision } from './state';

/** Why a task of the revision cannot be initialised, in ECS's words, or `null`. */
export function missingNeeds({ world, region }: Moment, revision: Revision): string | null {
  for (const { secrets = [] } of revision.definition.containerDefinitions ?? []) {
    for (const { valueFrom = '' } of secrets) {
      const words = missingSecret(
        world.accounts.get(accountOfArn(valueFrom))?.regions.get(region.name) ?? region,
        valueFrom,
      );
      if (words !== null) return words;
    }
  }
  return null;
}

const accountOfArn = (arn: string): string => arn.split(':')[4] ?? '';

const RETRIEVAL =
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed:';

function missingSecret(region: Region, valueFrom: string): string | null {
  if (valueFrom.includes(':secretsmanager:')) {
    const arn = valueFrom.split(':').slice(0, 7).join(':');
    const secret = [...region.secrets.values()].find((each) => each.arn === arn || each.name === arn.split(':')[6]);
    if (secret && secret.deletedAt === null) return null;
    return `${RETRIEVAL} unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ${arn} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`;
  }
  const name = parameterName(valueFrom);
  const known = region.parameters.has(name) || region.parameters.has(`/${name}`);
  if (known) return null;
  return `${RETRIEVAL} unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid parameters: ${name}`;
}

/** A parameter's name from its ARN or the name itself; a hierarchy's leading slash is lost in the ARN. */
function parameterName(valueFrom: string): string {
  const at = valueFrom.indexOf(':parameter/');
  return at === -1 ? valueFrom : valueFrom.slice(at + ':parameter/'.length);
}

/** The role of the revision that ECS cannot assume, or `null`. */
export function missingRole({ world, region }: Moment, revision: Revision): string | null {
  const { taskRoleArn, executionRoleArn } = revision.definition;
  const roles = world.accounts.get(region.account)?.roles;
  const arns = [taskRoleArn, executionRoleArn].filter((arn) => arn !== undefined);
  return arns.find((arn) => !roles?.has(arn.split('/').at(-1) ?? '')) ?? null;
}
