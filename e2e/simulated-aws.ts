import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';

/** One request as the simulated AWS saw it. */
export type Call = {
  readonly n: number;
  readonly account: string;
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly error: string | null;
  readonly principal: string;
  readonly attempt: number;
};

type Place = { readonly account: string; readonly cluster: string; readonly service: string };

/** What a test may do to the world, as nobody at the dashboard could. */
export type SimulatedAws = {
  /** Calls after the one of a number, in order. */
  calls(since?: number): Promise<readonly Call[]>;
  /** Calls that change something in ECS. */
  writes(): Promise<readonly Call[]>;
  /** Makes calls fail; `fault` and the other members as the simulator's README names them. */
  fault(
    wish: { readonly operation: string; readonly fault: string } & Readonly<Record<string, unknown>>,
  ): Promise<void>;
  /** Ends every fault. */
  mend(): Promise<void>;
  /** A pipeline deploys. */
  deploy(wish: Place & ({ readonly image: string } | { readonly taskDefinition: string })): Promise<void>;
  /** Somebody registers a family's newest revision anew, changed. */
  register(family: string, change: Partial<RegisterTaskDefinitionCommandInput>): Promise<void>;
  /** Changes one service's fate. */
  service(
    wish: Place & {
      readonly tasks?: 'healthy' | 'unhealthy' | 'crash' | 'cannot-pull';
      readonly settings?: Readonly<Record<string, unknown>>;
      readonly finishesStopped?: true;
      readonly delete?: true;
    },
  ): Promise<void>;
  /** How fast waits inside ECS pass, or how much earlier everything so far has happened. */
  clock(wish: { readonly speed: number } | { readonly advanceSeconds: number }): Promise<void>;
  /** Back to the start of the scenario. */
  reset(): Promise<void>;
};

const WRITES = /^(Register|Deregister|Update|Create|Delete|Stop|Run|Start)/;

/** The control routes of a simulator. */
export function simulatedAws(address: string): SimulatedAws {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${address}/_simulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const post = async (path: string, body: unknown): Promise<void> => {
    await ask('POST', path, body);
  };
  const calls = async (since = 0): Promise<readonly Call[]> =>
    (await ask('GET', `calls?since=${since}`)) as readonly Call[];
  return {
    calls,
    writes: async () => (await calls()).filter(({ service, operation }) => service === 'ecs' && WRITES.test(operation)),
    fault: (wish) => post('faults', wish),
    mend: async () => {
      await ask('DELETE', 'faults');
    },
    deploy: (wish) => post('deploy', wish),
    register: (family, change) => register(address, family, change),
    service: (wish) => post('service', wish),
    clock: (wish) => post('clock', wish),
    reset: () => post('reset', {}),
  };
}

async function register(
  endpoint: string,
  family: string,
  change: Partial<RegisterTaskDefinitionCommandInput>,
): Promise<void> {
  const credentials = { accessKeyId: 'AKIA111111111111DEMO', secretAccessKey: 'any' };
  const ecs = new ECSClient({ endpoint, region: 'eu-west-1', credentials });
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: family }));
  const { containerDefinitions, cpu, memory, networkMode, executionRoleArn, taskRoleArn } = taskDefinition ?? {};
  const kept = { containerDefinitions, cpu, memory, networkMode, executionRoleArn, taskRoleArn };
  await ecs.send(
    new RegisterTaskDefinitionCommand({ ...kept, family, requiresCompatibilities: ['FARGATE'], ...change }),
  );
  ecs.destroy();
}
