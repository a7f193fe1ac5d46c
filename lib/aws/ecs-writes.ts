import 'server-only';
import {
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type RegisterTaskDefinitionCommandOutput,
  StopServiceDeploymentCommand,
  type Tag,
  type TaskDefinition,
  UpdateServiceCommand,
  type UpdateServiceCommandOutput,
} from '@aws-sdk/client-ecs';
import type { AwsCredentialIdentity } from '@smithy/types';
import { secretTexts } from '@/lib/domain/masking';
import type { Deployment } from '@/lib/domain/service';
import type { Log } from '@/lib/log';
import { answerTo, NotSent, type WriteAnswer } from './answer';
import type { Budget, Place } from './budget';
import { countRepeats } from './calls';
import type { Deadline } from './deadline';
import { type Timeouts, WRITING } from './limits';
import { oneRequest } from './one-request';
import { toDeployment } from './to-domain';

/** The three members UpdateService is sent with, and no other. */
export type ServiceUpdate = {
  /** Name or ARN. */
  readonly cluster: string;
  /** Name or ARN. */
  readonly service: string;
  /** Full ARN with revision: a bare family would be whatever is newest. */
  readonly taskDefinition: string;
};

/** A revision as ECS stored it. Holds values, so it goes no further than the comparison with what was sent. */
export type RegisteredRevision = {
  readonly arn: string;
  readonly definition: TaskDefinition;
  readonly tags: readonly Tag[];
};

/** What UpdateService answered. */
export type UpdatedService = {
  readonly deployments: readonly Deployment[];
  /** Deployment ECS is now heading for. */
  readonly primaryId: string | null;
  readonly requestId: string | null;
};

/** What StopServiceDeployment answered. */
export type StoppedDeployment = { readonly arn: string; readonly requestId: string | null };

/** Changes AWS for one rollback. Each call is one request with a client of its own. */
export type Writer = {
  /** Registers a revision. May be asked again after an answer that is not clear. */
  register(input: RegisterTaskDefinitionCommandInput): Promise<WriteAnswer<RegisteredRevision>>;
  /** Points a service at a revision. Not sent once a deadline is over. */
  updateService(update: ServiceUpdate, deadlines: readonly Deadline[]): Promise<WriteAnswer<UpdatedService>>;
  /** Stops a service deployment, so that ECS returns to the revision before it. Not sent once a deadline is over. */
  stopServiceDeployment(arn: string, deadlines: readonly Deadline[]): Promise<WriteAnswer<StoppedDeployment>>;
};

/** What writing needs: where, signed as whom, and how calls are counted. */
export type Writing = {
  readonly region: string;
  readonly credentials: AwsCredentialIdentity;
  readonly place: Place;
  /** Whose turn a registration waits for; the one request that changes a service waits for none. */
  readonly priority: 'rollback' | 'group';
  /** Name of the target, for the log. */
  readonly target: string;
  readonly budget: Budget;
  readonly log: Log;
  readonly timeouts: Timeouts;
};

/** A writer for one rollback. */
export function createWriter(writing: Writing): Writer {
  const { place, budget, priority } = writing;
  return {
    register: async (input) => {
      const action = 'ecs:RegisterTaskDefinition';
      const send = async (): Promise<RegisteredRevision> => {
        await budget.take(place, action, priority).catch(() => {
          throw new NotSent('our own limit of calls');
        });
        return once(writing, [], async (ecs) => {
          return registered(await ecs.send(new RegisterTaskDefinitionCommand(input), within(writing)));
        });
      };
      return logged(writing, action, await answerTo(send, ({ arn }) => arn !== '', secretTexts(input)));
    },
    updateService: async ({ cluster, service, taskDefinition }, deadlines) => {
      const action = 'ecs:UpdateService';
      // Our own limit never holds up the one request that changes the service.
      budget.debit(place, action);
      const send = (): Promise<UpdatedService> =>
        once(writing, deadlines, async (ecs) => {
          return updated(
            await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition }), within(writing)),
          );
        });
      const shows = ({ deployments }: UpdatedService): boolean =>
        deployments.some((deployment) => deployment.taskDefinitionArn === taskDefinition);
      return logged(writing, action, await answerTo(send, shows));
    },
    stopServiceDeployment: async (arn, deadlines) => {
      const action = 'ecs:StopServiceDeployment';
      budget.debit(place, action);
      const input = { serviceDeploymentArn: arn, stopType: 'ROLLBACK' } as const;
      const send = (): Promise<StoppedDeployment> =>
        once(writing, deadlines, async (ecs) => {
          const answer = await ecs.send(new StopServiceDeploymentCommand(input), within(writing));
          return { arn: answer.serviceDeploymentArn ?? '', requestId: answer.$metadata.requestId ?? null };
        });
      return logged(writing, action, await answerTo(send, (answer) => answer.arn === arn));
    },
  };
}

const within = ({ timeouts }: Writing): { readonly abortSignal: AbortSignal } => ({
  abortSignal: AbortSignal.timeout(timeouts.writeCallMs),
});

/** Builds a client, lets one request pass, and closes its sockets. */
async function once<T>(
  writing: Writing,
  deadlines: readonly Deadline[],
  send: (ecs: ECSClient) => Promise<T>,
): Promise<T> {
  const { region, credentials, timeouts } = writing;
  const ecs = new ECSClient({ region, credentials, requestHandler: oneRequest(deadlines, timeouts), ...WRITING });
  countRepeats(ecs.middlewareStack, writing, 'ecs');
  try {
    return await send(ecs);
  } finally {
    ecs.destroy();
  }
}

function logged<T>({ log, target }: Writing, action: string, answer: WriteAnswer<T>): WriteAnswer<T> {
  const why = answer.kind === 'accepted' ? undefined : answer.kind === 'refused' ? answer.code : answer.cause;
  log('aws.write', { target, action, answer: answer.kind, why });
  return answer;
}

const registered = ({ taskDefinition = {}, tags = [] }: RegisterTaskDefinitionCommandOutput): RegisteredRevision => ({
  arn: taskDefinition.taskDefinitionArn ?? '',
  definition: taskDefinition,
  tags,
});

function updated({ service, $metadata }: UpdateServiceCommandOutput): UpdatedService {
  const deployments = (service?.deployments ?? []).map((deployment) => toDeployment(deployment));
  return {
    deployments,
    primaryId: deployments.find(({ status }) => status === 'PRIMARY')?.id ?? null,
    requestId: $metadata.requestId ?? null,
  };
}
