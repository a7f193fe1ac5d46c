import type { Fate } from '@/simulator/ecs/state';

/** An image in a repository. Several tags may name it, and none has to. */
export type RegistryImage = {
  readonly digest: string;
  tags: string[];
  readonly pushedAt: number;
  readonly sizeBytes: number;
  status: 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING';
  /** How tasks fare that run it; `healthy` unless the scenario knows better. */
  fate: Fate;
};

export type Repository = { readonly name: string; readonly images: Map<string, RegistryImage> };

export type Secret = {
  readonly arn: string;
  readonly name: string;
  deletedAt: number | null;
  readonly createdAt: number;
  readonly stagesByVersion: Record<string, string[]>;
};

export type Parameter = {
  readonly arn: string;
  readonly name: string;
  readonly kind: 'String' | 'SecureString';
  readonly version: number;
  readonly modifiedAt: number;
};

/** A load balancer's group of targets; who is in it follows from the tasks of the services that use it. */
export type TargetGroup = {
  readonly arn: string;
  readonly name: string;
  readonly port: number;
  readonly targetType: 'ip' | 'instance';
  readonly healthCheckPath: string;
  readonly loadBalancerArn: string;
  readonly deregistrationDelaySeconds: number;
};

export type Alarm = {
  readonly name: string;
  readonly arn: string;
  readonly metric: string;
  readonly composite: boolean;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  updatedAt: number;
};

export type LogGroup = {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly days: number | null;
};

export type ScalableTarget = {
  readonly resourceId: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly createdAt: number;
};

/** What a region holds beside ECS, by the name each service looks it up with. */
export type Neighbours = {
  readonly repositories: Map<string, Repository>;
  /** Upstream registries by the prefix of the repositories that hold what is fetched from them. */
  readonly pullThroughCacheRules: Map<string, { readonly upstream: string; readonly createdAt: number }>;
  readonly secrets: Map<string, Secret>;
  readonly parameters: Map<string, Parameter>;
  readonly targetGroups: Map<string, TargetGroup>;
  readonly alarms: Map<string, Alarm>;
  readonly logGroups: Map<string, LogGroup>;
  readonly scalableTargets: Map<string, ScalableTarget>;
};
