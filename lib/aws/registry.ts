import 'server-only';
import type {
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput,
  ECRClient,
  ImageDetail,
} from '@aws-sdk/client-ecr';
import { DescribeImagesCommand, DescribePullThroughCacheRulesCommand } from '@aws-sdk/client-ecr';
import type { Fact, RegistryImage } from '@/lib/domain/facts';
import { grouped } from '@/lib/domain/grouped';
import { type EcrImage, ecrImage, parseImage } from '@/lib/domain/image';
import { fail, ok } from '@/lib/result';
import { askedOnce, type Call, type ReadOptions } from './calls';
import { Unreadable } from './failure';
import { everyPage } from './pages';
import { timeOf } from './to-domain';

/** What private registries of ECR say about images. */
export type Registry = {
  /**
   * What one reference names now. A missing image is an answer (`digest: null`), another registry `unsupported`, as is an
   * image that ECR would fetch from elsewhere when it is pulled, and what we may not see `denied`: never "missing".
   */
  image(reference: string, options?: ReadOptions): Promise<Fact<RegistryImage>>;
  /**
   * The same of many references: a call for each repository while all of them exist. One that is missing fails the whole
   * call, and then each is asked for alone.
   */
  images(references: readonly string[], options?: ReadOptions): Promise<ReadonlyMap<string, Fact<RegistryImage>>>;
  /** Prefixes of the repositories that a registry fills from elsewhere when an image is pulled. */
  caches(registry: Pick<EcrImage, 'account' | 'region'>, options?: ReadOptions): Promise<Fact<readonly string[]>>;
};

/** Reading registries: calls and clients go by the Region in the image's host, not the target's. */
export type RegistryReading = {
  readonly clientIn: (region: string) => { readonly ecr: ECRClient; readonly call: Call };
};

const ACTION = 'ecr:DescribeImages';
const MISSING: RegistryImage = { digest: null, usable: false, pushedAt: null };

/** Most images one call asks about. */
const AT_ONCE = 100;

/** The registry reads of one target. */
export function createRegistry(reading: RegistryReading): Registry {
  const image: Registry['image'] = async (reference, options = {}) => {
    const wanted = ecrImage(reference);
    if (wanted === null) return NOT_ECR;
    const asked = await ask(reading, [wanted], options);
    if (!asked.ok) return asked.error.kind === 'gone' ? absent(reading, wanted, options) : asked;
    return ok(toRegistryImage(asked.value[0]));
  };
  return {
    image,
    caches: (registry, options = {}) => prefixesIn(reading, registry, options),
    images: async (references, options = {}) => {
      const groups = groupedByRepository(references);
      const answers = await Promise.all(
        groups.map((group) =>
          askedOnce(options, `images ${JSON.stringify(group)}`, async () => {
            const together = group.length === 1 ? null : await askTogether(reading, group, options);
            return together ?? Promise.all(group.map(async (one) => [one, await image(one, options)] as const));
          }),
        ),
      );
      return new Map(answers.flat());
    },
  };
}

const NOT_ECR: Fact<never> = fail({
  kind: 'unsupported',
  action: ACTION,
  words: 'Only private ECR registries are asked.',
});

/** References of one repository each, those of other registries alone. */
function groupedByRepository(references: readonly string[]): readonly (readonly string[])[] {
  const groups = grouped(new Set(references), (reference) => {
    const wanted = ecrImage(reference);
    return wanted === null ? reference : JSON.stringify([wanted.account, wanted.region, wanted.repository]);
  });
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / AT_ONCE) }, (_, index) =>
      group.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    ),
  );
}

type Answered = readonly (readonly [string, Fact<RegistryImage>])[];

/** What one call says of references of one repository; `null` where it says nothing of each of them. */
async function askTogether(
  reading: RegistryReading,
  group: readonly string[],
  options: ReadOptions,
): Promise<Answered | null> {
  const wanted = group.flatMap((reference) => ecrImage(reference) ?? []);
  const asked = await ask(reading, wanted, options);
  if (!asked.ok) return asked.error.kind === 'gone' ? null : group.map((reference) => [reference, asked]);
  const found = group.map((reference) => [reference, detailOf(reference, asked.value)] as const);
  return found.every(([, detail]) => detail !== undefined)
    ? found.map(([reference, detail]) => [reference, ok(toRegistryImage(detail))])
    : null;
}

const RULES = 'ecr:DescribePullThroughCacheRules';

const FETCHED: Fact<never> = fail({
  kind: 'unsupported',
  action: ACTION,
  words: 'It is not in the cache, and ECR would fetch it from elsewhere when it is pulled.',
});

/**
 * What an image that is not there is: missing, unless its repository is a pull-through cache, which ECR fills when an image
 * is pulled. The rules of another account's registry are nobody else's to read; there the prefixes that AWS proposes tell.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
async function absent(reading: RegistryReading, image: EcrImage, options: ReadOptions): Promise<Fact<RegistryImage>> {
  const { account, region, repository } = image;
  const rules = await askedOnce(options, `${RULES} ${account} ${region}`, () => prefixesIn(reading, image, options));
  const prefixes = rules.ok ? rules.value : PROPOSED;
  const isCache = prefixes.some((prefix) => prefix === EVERYTHING || repository.startsWith(`${prefix}/`));
  return isCache ? FETCHED : ok(MISSING);
}

/** The prefix of a rule for all that no other rule is for. */
const EVERYTHING = 'ROOT';

/** What the console fills in for each registry that ECR can fetch from. */
const PROPOSED = ['ecr-public', 'docker-hub', 'quay', 'kubernetes', 'github', 'gitlab', 'azure', 'chainguard'];

const prefixesIn = (
  { clientIn }: RegistryReading,
  { account, region }: Pick<EcrImage, 'account' | 'region'>,
  options: ReadOptions,
): Promise<Fact<readonly string[]>> => {
  const { ecr, call } = clientIn(region);
  return everyPage((nextToken) =>
    call(RULES, options, async (abortSignal) => {
      const command = new DescribePullThroughCacheRulesCommand({ registryId: account, maxResults: 100, nextToken });
      const page = await ecr.send(command, { abortSignal });
      const items = (page.pullThroughCacheRules ?? []).flatMap(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix ?? []);
      return { items, nextToken: page.nextToken };
    }),
  );
};

const detailOf = (reference: string, details: readonly ImageDetail[]): ImageDetail | undefined => {
  const { tag, digest } = parseImage(reference);
  return details.find(({ imageDigest, imageTags = [] }) =>
    digest === null ? imageTags.includes(tag ?? 'latest') : imageDigest === digest,
  );
};

/** Details of images of one repository; `gone` where one of them, or the repository, is not there. */
function ask(
  { clientIn }: RegistryReading,
  images: readonly EcrImage[],
  options: ReadOptions,
): Promise<Fact<readonly ImageDetail[]>> {
  const { ecr, call } = clientIn(images[0]?.region ?? '');
  return call(ACTION, options, async (abortSignal) => {
    try {
      const { imageDetails = [] } = await askFor(ecr, images, abortSignal);
      return imageDetails;
    } catch (error) {
      const missing = error instanceof Error && NOT_THERE.has(error.name);
      throw missing ? new Unreadable({ kind: 'gone', words: error.message }) : error;
    }
  });
}

const NOT_THERE: ReadonlySet<string> = new Set(['ImageNotFoundException', 'RepositoryNotFoundException']);

/** Asks for archived images too: AWS leaves them out unless told otherwise, and they are not missing. */
async function askFor(
  ecr: ECRClient,
  images: readonly EcrImage[],
  abortSignal: AbortSignal,
): Promise<DescribeImagesCommandOutput> {
  const [first] = images;
  const input: DescribeImagesCommandInput = {
    registryId: first?.account,
    repositoryName: first?.repository,
    // A digest beats a tag beside it, as it does when the image is pulled.
    imageIds: images.map(({ tag, digest }) =>
      digest === null ? { imageTag: tag ?? 'latest' } : { imageDigest: digest },
    ),
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

function toRegistryImage(detail: ImageDetail | undefined): RegistryImage {
  if (detail?.imageDigest === undefined) return MISSING;
  return {
    digest: detail.imageDigest,
    // Only an active image can be pulled; registries older than the status do not send one.
    usable: detail.imageStatus === undefined || detail.imageStatus === 'ACTIVE',
    pushedAt: timeOf(detail.imagePushedAt),
  };
}
