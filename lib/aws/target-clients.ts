import 'server-only';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Call, type CallContext, countRepeats, createCall } from './calls';
import { READING, sharedConnections } from './limits';

/** Reading clients of one target in one Region, with the way their calls go. */
export type RegionClients = {
  readonly call: Call;
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly iam: IAMClient;
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudWatch: CloudWatchClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly sts: STSClient;
};

/** Reading clients by Region: definitions name images, secrets and log groups of other Regions too. */
export type TargetClients = {
  readonly inRegion: (region: string) => RegionClients;
  readonly close: () => void;
};

/** The reading clients of one target, made when first asked for and kept. */
export function createTargetClients(account: string, context: Omit<CallContext, 'place'>): TargetClients {
  const connections = sharedConnections(context.timeouts);
  const regions = new Map<string, RegionClients>();
  return {
    inRegion: (region) => {
      const known = regions.get(region);
      if (known !== undefined) return known;
      const made = regionClients(region, { ...context, place: { account, region } }, connections);
      regions.set(region, made);
      return made;
    },
    close: connections.close,
  };
}

function regionClients(
  region: string,
  context: CallContext,
  connections: ReturnType<typeof sharedConnections>,
): RegionClients {
  const common = {
    region,
    credentials: context.credentials.provide,
    requestHandler: new NodeHttpHandler(connections),
    ...READING,
  };
  const clients = {
    ecs: new ECSClient(common),
    ecr: new ECRClient(common),
    iam: new IAMClient(common),
    secretsManager: new SecretsManagerClient(common),
    ssm: new SSMClient(common),
    logs: new CloudWatchLogsClient(common),
    cloudWatch: new CloudWatchClient(common),
    loadBalancing: new ElasticLoadBalancingV2Client(common),
    sts: new STSClient(common),
  };
  countRepeats(clients.ecs.middlewareStack, context, 'ecs');
  countRepeats(clients.ecr.middlewareStack, context, 'ecr');
  countRepeats(clients.iam.middlewareStack, context, 'iam');
  countRepeats(clients.secretsManager.middlewareStack, context, 'secretsmanager');
  countRepeats(clients.ssm.middlewareStack, context, 'ssm');
  countRepeats(clients.logs.middlewareStack, context, 'logs');
  countRepeats(clients.cloudWatch.middlewareStack, context, 'cloudwatch');
  countRepeats(clients.loadBalancing.middlewareStack, context, 'elasticloadbalancing');
  countRepeats(clients.sts.middlewareStack, context, 'sts');
  return { call: createCall(context), ...clients };
}
