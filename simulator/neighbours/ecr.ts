import type { DescribeImagesResponse, DescribePullThroughCacheRulesResponse, ImageDetail } from '@aws-sdk/client-ecr';
import { AwsError } from '@/simulator/aws-error';
import type { Call, Input, Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { list, optionalStructure, optionalText, text } from '@/simulator/input';
import { page } from '@/simulator/page';
import type { RegistryImage, Repository } from './state';

/** DescribeImages: a single id that is missing fails the whole call; archived images hide unless asked for. */
export const describeImages: Operation = (call, input): DescribeImagesResponse => {
  const name = text(input, 'repositoryName');
  const registryId = optionalText(input, 'registryId') ?? call.region.account;
  const region = call.world.accounts.get(registryId)?.regions.get(call.region.name);
  const repository = region?.repositories.get(name);
  if (!repository) {
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
    );
  }
  const wanted = list(input, 'imageIds') as readonly Input[];
  const status = optionalText(optionalStructure(input, 'filter') ?? {}, 'imageStatus') ?? 'ACTIVE';
  const tagStatus = optionalText(optionalStructure(input, 'filter') ?? {}, 'tagStatus') ?? 'ANY';
  const visible = [...repository.images.values()]
    .filter((image) => status === 'ANY' || image.status === status)
    .filter(({ tags }) => tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tags.length > 0);
  if (wanted.length > 0) {
    const found = wanted.map((id) => requireImage(visible, repository, registryId, id));
    return { imageDetails: [...new Set(found)].map((image) => detail(call, repository, registryId, image)) };
  }
  const { items, nextToken } = page(visible, ({ digest }) => digest, input, {
    size: 100,
    most: 1000,
    tokenMember: 'nextToken',
    sizeMember: 'maxResults',
    refuse: (message) => new AwsError('InvalidParameterException', message),
  });
  return {
    imageDetails: items.map((image) => detail(call, repository, registryId, image)),
    ...(nextToken !== null && { nextToken }),
  };
};

/** DescribePullThroughCacheRules: all rules of a registry, or those of the prefixes that are named, each of which must be there. */
export const describePullThroughCacheRules: Operation = (call, input): DescribePullThroughCacheRulesResponse => {
  const registryId = optionalText(input, 'registryId') ?? call.region.account;
  if (registryId !== call.region.account) {
    throw new AwsError(
      'AccessDeniedException',
      `No policy of registry ${registryId} allows ecr:DescribePullThroughCacheRules`,
    );
  }
  const rules = call.region.pullThroughCacheRules;
  const wanted = list(input, 'ecrRepositoryPrefixes') as readonly string[];
  const absent = wanted.find((prefix) => !rules.has(prefix));
  if (absent !== undefined) {
    throw new AwsError(
      'PullThroughCacheRuleNotFoundException',
      `The pull through cache rule with repository prefix '${absent}' does not exist in the registry with id '${registryId}'`,
    );
  }
  const { items, nextToken } = page(
    [...rules].filter(([prefix]) => wanted.length === 0 || wanted.includes(prefix)),
    ([prefix]) => prefix,
    input,
    {
      size: 100,
      most: 1000,
      tokenMember: 'nextToken',
      sizeMember: 'maxResults',
      refuse: (message) => new AwsError('InvalidParameterException', message),
    },
  );
  return {
    pullThroughCacheRules: items.map(([ecrRepositoryPrefix, { upstream, createdAt }]) => ({
      ecrRepositoryPrefix,
      upstreamRegistryUrl: upstream,
      registryId,
      createdAt: dateOf(call.world, createdAt),
    })),
    ...(nextToken !== null && { nextToken }),
  };
};

function requireImage(
  visible: readonly RegistryImage[],
  repository: Repository,
  registryId: string,
  id: Input,
): RegistryImage {
  const tag = optionalText(id, 'imageTag');
  const digest = optionalText(id, 'imageDigest');
  const found = visible.find(
    (image) => (digest === null || image.digest === digest) && (tag === null || image.tags.includes(tag)),
  );
  if (found) return found;
  const words = `{imageDigest:'${digest ?? 'null'}', imageTag:'${tag ?? 'null'}'}`;
  throw new AwsError(
    'ImageNotFoundException',
    `The image with imageId ${words} does not exist within the repository with name '${repository.name}' in the registry with id '${registryId}'`,
  );
}

function detail(call: Call, repository: Repository, registryId: string, image: RegistryImage): ImageDetail {
  return {
    registryId,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(image.tags.length > 0 && { imageTags: image.tags }),
    imageSizeInBytes: image.sizeBytes,
    imagePushedAt: dateOf(call.world, image.pushedAt),
    imageManifestMediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    artifactMediaType: 'application/vnd.docker.container.image.v1+json',
    imageStatus: image.status,
  };
}
