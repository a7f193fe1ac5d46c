import type { CreateServiceRequest, RegisterTaskDefinitionRequest, Tag } from '@aws-sdk/client-ecs';
import type { Moment } from '@/simulator/call';
import { beginDeployment } from '@/simulator/ecs/deployments';
import { ecrReference } from '@/simulator/ecs/images';
import { catchUpService } from '@/simulator/ecs/rollout';
import { newService } from '@/simulator/ecs/services';
import type { Revision, Service } from '@/simulator/ecs/state';
import { addRevision } from '@/simulator/ecs/task-definitions';
import { digestOf } from '@/simulator/ids';
import type { RegistryImage, Repository } from '@/simulator/neighbours/state';
import { PIPELINE_ROLE } from './roles';
import type { Stage } from './stage';

/** Who registers and deploys unless told otherwise. */
const pipeline = ({ account }: Stage): string =>
  `arn:aws:sts::${account}:assumed-role/${PIPELINE_ROLE}/deploy-to-${account}`;

const earlier = (stage: Stage, ago: number): Moment => ({ ...stage, now: stage.now - ago });

/** A revision as somebody registered it in the past. */
export type Registration = {
  readonly number: number;
  readonly ago: number;
  readonly tags?: readonly Tag[];
  /** Whether its images are in the registry; they are unless told otherwise. */
  readonly pushed?: boolean;
};

/** Registers a revision in the past under a given number, its images pushed before. */
export function register(stage: Stage, request: RegisterTaskDefinitionRequest, registration: Registration): Revision {
  const { number, ago, tags, pushed = true } = registration;
  if (pushed) {
    for (const { image = '' } of request.containerDefinitions ?? []) pushOnce(stage, image, ago);
  }
  return addRevision(
    stage.region,
    { ...request, ...(tags && { tags: [...tags] }) },
    {
      number,
      now: stage.now - ago,
      by: pipeline(stage),
    },
  );
}

function pushOnce(stage: Stage, image: string, ago: number): void {
  const reference = ecrReference(image);
  if (reference?.tag == null) return;
  const known = repositoryOf(stage, reference.repository).images;
  if ([...known.values()].some(({ tags }) => tags.includes(reference.tag ?? ''))) return;
  push(stage, { repository: reference.repository, tag: reference.tag, ago });
}

/** The account's repository, created at the first look. */
export function repositoryOf({ region }: Stage, name: string): Repository {
  const known = region.repositories.get(name);
  if (known) return known;
  const repository: Repository = { name, images: new Map() };
  region.repositories.set(name, repository);
  return repository;
}

/** Pushes an image; the tag leaves the image that had it. */
export function push(
  stage: Stage,
  { repository, tag, ago }: { readonly repository: string; readonly tag: string; readonly ago: number },
): RegistryImage {
  const { images } = repositoryOf(stage, repository);
  for (const image of images.values()) image.tags = image.tags.filter((each) => each !== tag);
  const image: RegistryImage = {
    digest: digestOf(`${stage.account}/${repository}:${tag}#${images.size}`),
    tags: [tag],
    pushedAt: stage.now - ago,
    sizeBytes: 80_000_000 + (images.size % 40) * 1_000_000,
    status: 'ACTIVE',
    fate: 'healthy',
  };
  images.set(image.digest, image);
  return image;
}

/** Deletes the image a tag names, as a lifecycle rule does. */
export function expire(stage: Stage, repository: string, tag: string): void {
  const { images } = repositoryOf(stage, repository);
  for (const { digest, tags } of [...images.values()]) if (tags.includes(tag)) images.delete(digest);
}

/** Creates a service that has deployed nothing yet. */
export function open(stage: Stage, request: CreateServiceRequest, ago: number): Service {
  const principal = { arn: pipeline(stage) };
  const service = newService({ ...earlier(stage, ago), principal }, stage.cluster, request);
  stage.region.services.set(`${service.cluster}/${service.name}`, service);
  return service;
}

/** What a service deploys, and since when. */
export type Deploying = {
  readonly number: number;
  readonly ago: number;
  /** Leaves the revision before it registered; the pipeline deregisters what it replaces. */
  readonly keepBefore?: boolean;
};

/** Deploys a revision of the service's family in the past, and lets everything happen that follows. */
export function deploy(stage: Stage, service: Service, { number, ago, keepBefore = false }: Deploying): Service {
  const { region } = stage;
  const revisions = region.families.get(service.name)?.revisions;
  const revision = revisions?.get(number);
  if (!revision) throw new Error(`${service.name}:${number} is not registered`);
  const before = [...(revisions?.values() ?? [])].find(({ arn }) => arn === service.taskDefinition);
  if (before && !keepBefore) deregister(before, stage.now - ago);
  service.taskDefinition = revision.arn;
  beginDeployment(earlier(stage, ago), service);
  catchUpService(stage, service);
  return service;
}

/** Deregisters a revision at a moment of the world's time. */
export function deregister(revision: Revision, at: number): void {
  revision.status = 'INACTIVE';
  revision.deregisteredAt ??= at;
}
