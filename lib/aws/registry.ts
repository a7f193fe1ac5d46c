import 'server-only';
import type { DescribeImagesCommandInput, DescribeImagesCommandOutput, ECRClient } from '@aws-sdk/client-ecr';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import type { Fact, RegistryImage } from '@/lib/domain/facts';
import { type EcrImage, ecrImage } from '@/lib/domain/image';
import { fail } from '@/lib/result';
import type { Call, ReadOptions } from './calls';
import { timeOf } from './to-domain';

/** What private registries of ECR say about images. */
export type Registry = {
  /**
   * What one reference names now. A missing image is an answer (`digest: null`), another registry `unsupported`, and
   * what we may not see `denied`: never "missing".
   */
  image(reference: string, options?: ReadOptions): Promise<Fact<RegistryImage>>;
};

/** Reading registries: calls and clients go by the Region in the image's host, not the target's. */
export type RegistryReading = {
  readonly clientIn: (region: string) => { readonly ecr: ECRClient; readonly call: Call };
};

const ACTION = 'ecr:DescribeImages';
const MISSING: RegistryImage = { digest: null, usable: false, pushedAt: null };

/** The registry reads of one target. */
export function createRegistry({ clientIn }: RegistryReading): Registry {
  return {
    image: async (reference, options = {}) => {
      const image = ecrImage(reference);
      if (image === null) {
        return fail({ kind: 'unsupported', action: ACTION, words: 'Only private ECR registries are asked.' });
      }
      const { ecr, call } = clientIn(image.region);
      return call(ACTION, options, async (abortSignal) => {
        try {
          return toRegistryImage(await askFor(ecr, image, abortSignal));
        } catch (error) {
          if (error instanceof Error && NOT_THERE.has(error.name)) return MISSING;
          throw error;
        }
      });
    },
  };
}

const NOT_THERE: ReadonlySet<string> = new Set(['ImageNotFoundException', 'RepositoryNotFoundException']);

/** Asks for archived images too: AWS leaves them out unless told otherwise, and they are not missing. */
async function askFor(ecr: ECRClient, image: EcrImage, abortSignal: AbortSignal): Promise<DescribeImagesCommandOutput> {
  const { account, repository, tag, digest } = image;
  const input: DescribeImagesCommandInput = {
    registryId: account,
    repositoryName: repository,
    // A digest beats a tag beside it, as it does when the image is pulled.
    imageIds: [digest === null ? { imageTag: tag ?? 'latest' } : { imageDigest: digest }],
  };
  try {
    const withArchived = { ...input, filter: { imageStatus: 'ANY' } } as const;
    return await ecr.send(new DescribeImagesCommand(withArchived), { abortSignal });
  } catch (error) {
    // Whether the filter may stand beside image ids is not documented.
    if (!(error instanceof Error) || error.name !== 'InvalidParameterException') throw error;
    return ecr.send(new DescribeImagesCommand(input), { abortSignal });
  }
}

function toRegistryImage({ imageDetails = [] }: DescribeImagesCommandOutput): RegistryImage {
  const [detail] = imageDetails;
  if (detail?.imageDigest === undefined) return MISSING;
  return {
    digest: detail.imageDigest,
    // Only an active image can be pulled; registries older than the status do not send one.
    usable: detail.imageStatus === undefined || detail.imageStatus === 'ACTIVE',
    pushedAt: timeOf(detail.imagePushedAt),
  };
}
