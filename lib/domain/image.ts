import type { Digests, Service } from '@/lib/domain/service';
import type { ShownContainer, ShownDefinition } from '@/lib/domain/task-definition';
import type { ContainerImage } from '@/lib/domain/version';

/** An image reference, split where a container runtime splits it. `name` is registry and repository as written. */
export type ImageReference = {
  readonly name: string;
  readonly registry: string | null;
  readonly repository: string;
  /** `null` where none is written, which means `latest`. */
  readonly tag: string | null;
  readonly digest: string | null;
};

/** Reads a reference: before the last slash a colon is a registry's port, not a tag. */
export function parseImage(text: string): ImageReference {
  const at = text.indexOf('@');
  const tagged = at === -1 ? text : text.slice(0, at);
  const digest = at === -1 ? null : text.slice(at + 1);
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const name = colon === -1 ? tagged : tagged.slice(0, colon);
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isRegistry = first === 'localhost' || /[.:]/.test(first);
  return {
    name,
    registry: isRegistry ? first : null,
    repository: isRegistry ? name.slice(slash + 1) : name,
    tag: colon === -1 ? null : tagged.slice(colon + 1),
    digest,
  };
}

/** The same image fixed to one digest. The tag goes: ECS documents `name@digest` only. */
export const pinned = ({ name }: Pick<ImageReference, 'name'>, digest: string): string => `${name}@${digest}`;

/** An image of a private ECR registry. */
export type EcrImage = {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
};

const ECR_HOST =
  /^(\d{12})\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+)\.(amazonaws\.(com(\.cn)?|eu)|on\.(aws|amazonwebservices\.(com\.cn|eu))|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** The registry account, region and repository of an ECR reference; `null` for any other registry. */
export function ecrImage(text: string): EcrImage | null {
  const { registry, repository, tag, digest } = parseImage(text);
  const [, account, , region] = ECR_HOST.exec(registry ?? '') ?? [];
  return account === undefined || region === undefined ? null : { account, region, repository, tag, digest };
}

/** `sha256:` and eight digits: enough to tell two images apart by eye. */
export const shortDigest = (digest: string): string => digest.replace(/^(\w+:[0-9a-f]{8})[0-9a-f]*$/, '$1');

/** The last part of the repository with tag or short digest: the registry goes first when space is short. */
export function shortImage(text: string): string {
  const { repository, tag, digest } = parseImage(text);
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  if (tag !== null) return `${last}:${tag}`;
  return digest === null ? last : `${last}@${shortDigest(digest)}`;
}

/** What people call the image's version: its tag, else `latest` where nothing is written, else the short digest. */
export function tagOf(text: string): string {
  const { tag, digest } = parseImage(text);
  return tag ?? (digest === null ? 'latest' : shortDigest(digest));
}

/** Each container's image, with the digest known for it. */
export function containerImages(shown: ShownDefinition, digests: Digests): ContainerImage[] {
  return (shown.containerDefinitions ?? []).map(({ name = '', image = '' }) => {
    const reference = parseImage(image);
    return {
      container: name,
      image,
      short: shortImage(image),
      tag: reference.tag,
      digest: reference.digest ?? digests.get(name) ?? null,
    };
  });
}

/** Who asks for a main container: the definition, the service it runs in, and the container configured for it. */
export type MainContainerQuestion = {
  readonly shown: ShownDefinition;
  readonly service: Pick<Service, 'name' | 'loadBalancers'>;
  readonly configured: string | null;
};

/**
 * The container whose tag names the version: the configured one, else the one behind the load balancer, else the one
 * named like the service or the family, else the first essential one. `null` for a definition without containers.
 */
export function mainContainerOf({ shown, service, configured }: MainContainerQuestion): ShownContainer | null {
  const containers = shown.containerDefinitions ?? [];
  const named = (name: string | null | undefined): ShownContainer | undefined =>
    name ? containers.find((container) => container.name === name) : undefined;
  const balanced = service.loadBalancers.map(({ containerName }) => named(containerName)).find(Boolean);
  return (
    named(configured) ??
    balanced ??
    named(service.name) ??
    named(shown.family) ??
    containers.find(({ essential }) => essential !== false) ??
    containers[0] ??
    null
  );
}

/** What bringing back only the images would do, container by container. */
export type BroughtImages = {
  /** Image of the version wanted, for every container both have. */
  readonly images: ReadonlyMap<string, string>;
  /** Containers only the running definition has: they stay as they are. */
  readonly keptAsToday: readonly string[];
  /** Containers only the wanted definition has: they do not come back. */
  readonly notBroughtBack: readonly string[];
  readonly changed: readonly string[];
  readonly same: readonly string[];
};

/** Matches the containers of two definitions by name. */
export function imagesToBring(running: ShownDefinition, wanted: ShownDefinition): BroughtImages {
  const imageOf = (shown: ShownDefinition): Map<string, string> =>
    new Map((shown.containerDefinitions ?? []).map(({ name = '', image = '' }) => [name, image]));
  const now = imageOf(running);
  const then = imageOf(wanted);
  const shared = [...now.keys()].filter((name) => then.has(name));
  return {
    images: new Map(shared.map((name) => [name, then.get(name) ?? ''])),
    keptAsToday: [...now.keys()].filter((name) => !then.has(name)),
    notBroughtBack: [...then.keys()].filter((name) => !now.has(name)),
    changed: shared.filter((name) => now.get(name) !== then.get(name)),
    same: shared.filter((name) => now.get(name) === then.get(name)),
  };
}
