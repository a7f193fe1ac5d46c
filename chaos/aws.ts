import { worldTime } from '@/simulator/clock';
import { catchUp } from '@/simulator/ecs/rollout';
import type { Service } from '@/simulator/ecs/state';
import { execute } from '@/simulator/execute';
import type { Simulator } from '@/simulator/start';
import type { LoggedCall } from '@/simulator/wire/call-log';

/** The account of the scenario `shop`, and what stands in it. */
export const ACCOUNT = '463728190550';
export const EXTERNAL_ID = 'd1f6c0e2-7c1b-4c0e-9f55-2a7d0c9b8e11';
export const CLUSTER = 'shop';
const REGION = 'eu-west-1';

const OWNER = {
  arn: `arn:aws:iam::${ACCOUNT}:user/demo`,
  account: ACCOUNT,
  userId: 'AIDA',
  roleActions: null,
  sessionActions: null,
  sourceIdentity: null,
};

/** How a service truly stands, whatever reads show. */
export type Truth = {
  readonly gone: boolean;
  readonly taskDefinition: string;
  readonly primaryId: string | null;
  readonly rollout: string | null;
  /** Whether as many tasks run as are wanted, and all of them on the service's definition. */
  readonly steady: boolean;
  readonly records: readonly { readonly arn: string; readonly deploymentId: string; readonly status: string }[];
};

/** The simulated AWS as tests steer it and look into it. */
export type SimulatedAws = {
  /** Posts to a control route. */
  control(route: string, body: object): Promise<unknown>;
  /** Removes every fault. */
  calm(): Promise<void>;
  reset(): Promise<void>;
  /** Asks ECS as the account's owner, beside the network. */
  ask(operation: string, input: object): void;
  /** The service as AWS holds it, for what no request can bring about. */
  service(name: string): Service;
  callsSince(n: number): Promise<readonly LoggedCall[]>;
  truth(service: string): Truth;
  /** The rollback whose role session a key belongs to. */
  sessionOf(accessKeyId: string): string | null;
  /** ARN of a family's newest revision. */
  newest(family: string): string | null;
  /** What a revision says, as it was registered. */
  definition(arn: string): object | null;
};

export function simulatedAws(simulator: Simulator): SimulatedAws {
  const ask = async (route: string, init: RequestInit): Promise<unknown> => {
    const answer = await fetch(`${simulator.url}/_simulator/${route}`, init);
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const region = () => simulator.world.accounts.get(ACCOUNT)?.regions.get(REGION);
  return {
    control: (route, body) => ask(route, { method: 'POST', body: JSON.stringify(body) }),
    calm: async () => void (await ask('faults', { method: 'DELETE' })),
    reset: async () => void (await ask('reset', { method: 'POST' })),
    ask: (operation, input) =>
      void execute(simulator.world, Date.now(), {
        ...{ service: 'ecs', operation, region: REGION, input: { ...input } },
        principal: OWNER,
      }),
    service(name) {
      const found = region()?.services.get(`${CLUSTER}/${name}`);
      if (found === undefined) throw new Error(`there is no service ${name}`);
      return found;
    },
    callsSince: async (n) => (await ask(`calls?since=${n}`, {})) as readonly LoggedCall[],
    truth(service) {
      catchUp(simulator.world, worldTime(simulator.world, Date.now()));
      return truthOf(region()?.services.get(`${CLUSTER}/${service}`));
    },
    sessionOf: (accessKeyId) => simulator.world.sessions.get(accessKeyId)?.sessionName ?? null,
    newest: (family) => [...(region()?.families.get(family)?.revisions.values() ?? [])].at(-1)?.arn ?? null,
    definition(arn) {
      const [family = '', number] = arn.slice(arn.lastIndexOf('/') + 1).split(':');
      return region()?.families.get(family)?.revisions.get(Number(number))?.definition ?? null;
    },
  };
}

function truthOf(service: Service | undefined): Truth {
  if (service === undefined || service.status === 'INACTIVE')
    return { gone: true, taskDefinition: '', primaryId: null, rollout: null, steady: false, records: [] };
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  const running = service.tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  return {
    gone: false,
    taskDefinition: service.taskDefinition,
    primaryId: primary?.id ?? null,
    rollout: primary?.rolloutState ?? null,
    steady:
      running.length === service.desiredCount &&
      running.every(({ taskDefinition }) => taskDefinition === service.taskDefinition),
    records: service.serviceDeployments.map(({ arn, deploymentId, status }) => ({ arn, deploymentId, status })),
  };
}
