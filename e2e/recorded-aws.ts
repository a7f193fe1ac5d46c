import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A plain server that gives back what AWS's documents show, whatever it is asked: no engine, no clock, no memory but of
 * whether the service was updated. What runs against it knows AWS's protocols and nothing else.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html}
 */
export type RecordedAws = {
  readonly url: string;
  /** Operations that changed something, in order, with what they were sent. */
  readonly writes: readonly { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }[];
};

const ACCOUNT = '111111111111';
const ECS = `arn:aws:ecs:eu-west-1:${ACCOUNT}`;
const IMAGE = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/shop/web`;
const OLD = { revision: 7, tag: 'v7', digest: `sha256:${'7'.repeat(64)}` };
const NEW = { revision: 8, tag: 'v8', digest: `sha256:${'8'.repeat(64)}` };
const COPY = { revision: 9, tag: 'v7', digest: OLD.digest };

type Version = typeof OLD;
type Input = Readonly<Record<string, unknown>>;

const HOUR_S = 3_600;
const nowSeconds = (): number => Math.round(Date.now() / 1000);
const arnOf = ({ revision }: Version): string => `${ECS}:task-definition/web:${revision}`;
const serviceRevision = ({ revision }: Version): string =>
  `${ECS}:service-revision/notify/web/100000000000000000${revision}`;
const serviceDeployment = ({ revision }: Version): string =>
  `${ECS}:service-deployment/notify/web/aaaaaaaaaaaaaaaaaaaa${revision}`;

const definition = (version: Version): object => ({
  taskDefinitionArn: arnOf(version),
  family: 'web',
  revision: version.revision,
  containerDefinitions: [
    {
      name: 'web',
      image: `${IMAGE}:${version.tag}`,
      cpu: 0,
      memory: 256,
      essential: true,
      portMappings: [],
      environment: [{ name: 'GREETING', value: 'a value nobody may see' }],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    },
  ],
  volumes: [],
  placementConstraints: [],
  compatibilities: ['EC2'],
  status: 'ACTIVE',
  registeredAt: nowSeconds() - 30 * HOUR_S + version.revision,
  registeredBy: `arn:aws:sts::${ACCOUNT}:assumed-role/pipeline/run`,
});

const deployment = (version: Version, status: string, beganSeconds: number): object => ({
  id: `ecs-svc/900000000000000000${version.revision}`,
  status,
  taskDefinition: arnOf(version),
  desiredCount: 1,
  pendingCount: 0,
  runningCount: 1,
  failedTasks: 0,
  createdAt: beganSeconds,
  updatedAt: beganSeconds + 60,
  rolloutState: 'COMPLETED',
  rolloutStateReason: `ECS deployment ecs-svc/900000000000000000${version.revision} completed.`,
});

const service = (version: Version, beganSeconds: number): object => ({
  serviceArn: `${ECS}:service/notify/web`,
  serviceName: 'web',
  clusterArn: `${ECS}:cluster/notify`,
  status: 'ACTIVE',
  desiredCount: 1,
  runningCount: 1,
  pendingCount: 0,
  launchType: 'EC2',
  taskDefinition: arnOf(version),
  deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100, strategy: 'ROLLING' },
  deployments: [deployment(version, 'PRIMARY', beganSeconds)],
  loadBalancers: [],
  serviceRegistries: [],
  events: [],
  createdAt: nowSeconds() - 90 * HOUR_S,
  schedulingStrategy: 'REPLICA',
  deploymentController: { type: 'ECS' },
});

const record = (version: Version, beganSeconds: number): object => ({
  serviceDeploymentArn: serviceDeployment(version),
  serviceArn: `${ECS}:service/notify/web`,
  clusterArn: `${ECS}:cluster/notify`,
  targetServiceRevisionArn: serviceRevision(version),
  targetServiceRevision: {
    arn: serviceRevision(version),
    requestedTaskCount: 1,
    runningTaskCount: 1,
    pendingTaskCount: 0,
  },
  sourceServiceRevisions: [],
  status: 'SUCCESSFUL',
  createdAt: beganSeconds,
  startedAt: beganSeconds,
  finishedAt: beganSeconds + 60,
});

const runRevision = (version: Version): object => ({
  serviceRevisionArn: serviceRevision(version),
  serviceArn: `${ECS}:service/notify/web`,
  clusterArn: `${ECS}:cluster/notify`,
  taskDefinition: arnOf(version),
  containerImages: [{ containerName: 'web', image: `${IMAGE}:${version.tag}`, imageDigest: version.digest }],
  createdAt: nowSeconds() - 30 * HOUR_S,
});

/** Starts the server on a free port of this machine; it ends with the process. */
export async function recordedAws(): Promise<RecordedAws> {
  const writes: { operation: string; input: Input }[] = [];
  const server: Server = createServer(async (request, response) => {
    const body = await textOf(request);
    const query = new URLSearchParams(body).get('Action');
    const operation = query ?? String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const input = query === null ? (JSON.parse(body || '{}') as Input) : {};
    if (/^(Register|Update|Stop)/.test(operation)) writes.push({ operation, input });
    const updated = writes.some((write) => write.operation === 'UpdateService');
    const answer =
      query === null ? JSON.stringify(answerTo(operation, input, updated) ?? unknown(operation)) : xmlFor(operation);
    response.writeHead(answer.includes('"__type"') ? 400 : 200, {
      'content-type': query === null ? 'application/x-amz-json-1.1' : 'text/xml',
      'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
    });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The runner reads this file too, and must be able to end.
  server.unref();
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, writes };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const unknown = (operation: string): object => ({ __type: 'UnknownOperationException', message: operation });

function answerTo(operation: string, input: Input, updated: boolean): object | null {
  const began = { old: nowSeconds() - 29 * HOUR_S, bad: nowSeconds() - HOUR_S, copy: nowSeconds() - 20 };
  const versions = updated ? [COPY, NEW, OLD] : [NEW, OLD];
  switch (operation) {
    case 'ListClusters':
      return { clusterArns: [`${ECS}:cluster/notify`] };
    case 'ListServices':
      return { serviceArns: [`${ECS}:service/notify/web`] };
    case 'DescribeServices':
      return { services: [updated ? service(COPY, began.copy) : service(NEW, began.bad)], failures: [] };
    case 'ListTaskDefinitions':
      return { taskDefinitionArns: input.status === 'ACTIVE' ? versions.map(arnOf) : [] };
    case 'DescribeTaskDefinition': {
      const version = [COPY, NEW, OLD].find((one) => String(input.taskDefinition).endsWith(`:${one.revision}`));
      return version === undefined ? null : { taskDefinition: definition(version), tags: [] };
    }
    case 'ListServiceDeployments':
    case 'DescribeServiceDeployments':
      return {
        serviceDeployments: [
          ...(updated ? [record(COPY, began.copy)] : []),
          record(NEW, began.bad),
          record(OLD, began.old),
        ],
        failures: [],
      };
    case 'DescribeServiceRevisions':
      return { serviceRevisions: [COPY, NEW, OLD].map(runRevision), failures: [] };
    case 'DescribeImages':
      return { imageDetails: [imageAsked(input)] };
    case 'ListTasks':
      return { taskArns: input.desiredStatus === 'STOPPED' ? [] : [`${ECS}:task/notify/${'a'.repeat(32)}`] };
    case 'DescribeTasks':
      return {
        tasks: [
          {
            taskArn: `${ECS}:task/notify/${'a'.repeat(32)}`,
            taskDefinitionArn: arnOf(COPY),
            lastStatus: 'RUNNING',
            desiredStatus: 'RUNNING',
            containers: [],
          },
        ],
      };
    case 'RegisterTaskDefinition':
      return { taskDefinition: { ...definition(COPY), ...withoutTags(input) }, tags: input.tags };
    case 'UpdateService':
      return {
        service: {
          ...service(COPY, began.copy),
          deployments: [{ ...deployment(COPY, 'PRIMARY', began.copy), rolloutState: 'IN_PROGRESS' }],
        },
      };
    default:
      return null;
  }
}

const withoutTags = ({ tags: _tags, ...definition }: Input): Input => definition;

function imageAsked({ imageIds }: Input): object {
  const [asked] = imageIds as readonly { readonly imageTag?: string; readonly imageDigest?: string }[];
  const version = [OLD, NEW].find(({ tag, digest }) => tag === asked?.imageTag || digest === asked?.imageDigest) ?? OLD;
  return {
    registryId: ACCOUNT,
    repositoryName: 'shop/web',
    imageDigest: version.digest,
    imageTags: [version.tag],
    imagePushedAt: nowSeconds() - 31 * HOUR_S,
    imageStatus: 'ACTIVE',
  };
}

/** STS answers in XML. */
function xmlFor(operation: string): string {
  const expiry = new Date(Date.now() + 15 * 60_000).toISOString();
  const result =
    operation === 'AssumeRole'
      ? `<Credentials><AccessKeyId>ASIARECORDED</AccessKeyId><SecretAccessKey>recorded</SecretAccessKey><SessionToken>recorded</SessionToken><Expiration>${expiry}</Expiration></Credentials>`
      : `<Arn>arn:aws:sts::${ACCOUNT}:assumed-role/recorded/recorded</Arn><UserId>AROARECORDED</UserId><Account>${ACCOUNT}</Account>`;
  return `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>recorded</RequestId></ResponseMetadata></${operation}Response>`;
}
