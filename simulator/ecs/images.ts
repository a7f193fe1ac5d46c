import { digestOf } from '@/simulator/ids';
import type { RegistryImage } from '@/simulator/neighbours/state';
import type { World } from '@/simulator/world';
import type { Fate, Revision } from './state';

const ECR = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[^/]+\/(.+)$/;

/** A registry under the top-level domain that never resolves (RFC 2606). */
const NOWHERE = /^[^/]+\.invalid(:\d+)?\//;

/** Where an image reference points in ECR; `null` for another registry. */
export type EcrReference = {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
};

/** Reads an image reference as ECS does before it pulls. */
export function ecrReference(image: string): EcrReference | null {
  const found = ECR.exec(image);
  if (!found) return null;
  const [, account = '', region = '', rest = ''] = found;
  const [tagged = '', digest] = rest.split('@', 2);
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const repository = colon === -1 ? tagged : tagged.slice(0, colon);
  const tag = colon === -1 ? null : tagged.slice(colon + 1);
  return { account, region, repository, tag: tag ?? (digest === undefined ? 'latest' : null), digest: digest ?? null };
}

/** The image a reference names now: `missing` where there is none, `elsewhere` for a registry we know nothing of. */
export function pulled(world: World, image: string): RegistryImage | 'missing' | 'elsewhere' {
  const reference = ecrReference(image);
  if (!reference) return NOWHERE.test(image) ? 'missing' : 'elsewhere';
  const region = world.accounts.get(reference.account)?.regions.get(reference.region);
  const images = region?.repositories.get(reference.repository)?.images;
  if (!images) return 'missing';
  const { digest, tag } = reference;
  const found =
    digest === null ? [...images.values()].find(({ tags }) => tag !== null && tags.includes(tag)) : images.get(digest);
  return found && found.status === 'ACTIVE' ? found : 'missing';
}

/** How tasks of a revision fare by its images and what they need, and the digest of each container. */
export function outcomeOf(
  world: World,
  revision: Revision,
  established: Readonly<Record<string, string>>,
): { readonly fate: Fate; readonly missingImage: string | null; readonly digests: Record<string, string> } {
  const digests: Record<string, string> = {};
  let fate: Fate = 'healthy';
  for (const { name = '', image = '' } of revision.definition.containerDefinitions ?? []) {
    const known = established[name];
    const found = pulled(world, known === undefined ? image : `${image.split('@', 1)[0]}@${known}`);
    if (found === 'missing') return { fate: 'cannot-pull', missingImage: image, digests: {} };
    if (found === 'elsewhere') {
      digests[name] = known ?? digestOf(image);
      continue;
    }
    digests[name] = found.digest;
    if (found.fate !== 'healthy') fate = found.fate;
  }
  return { fate, missingImage: null, digests };
}
