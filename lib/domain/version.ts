import type { Digests } from '@/lib/domain/service';

/** The image one container runs, split for showing. */
export type ContainerImage = {
  readonly container: string;
  /** The reference as written. */
  readonly image: string;
  /** Last part of the repository, then tag or short digest: `notifications-api:release-1119`. */
  readonly short: string;
  readonly tag: string | null;
  readonly digest: string | null;
};

/** One revision together with the image digests it ran with, as pages name it. */
export type Version = {
  readonly taskDefinitionArn: string;
  /** `api:421`, as addresses write it. */
  readonly revision: string;
  readonly number: number;
  /** Tag of the main container, the origin's for a copy without one, `sha256:` and 8 digits, or `null`. */
  readonly tag: string | null;
  /** `release-1119 (421)`, `release-1119 (429, copy of 421)`, `release-1119 (429: 428 with images of 421)`. */
  readonly name: string;
  readonly images: readonly ContainerImage[];
  readonly digests: Digests;
};

/** A version as short as it can be told from another: by its tag, or with its number where both have the same. */
export const shortName = (version: Pick<Version, 'tag' | 'name'>, other: Pick<Version, 'tag' | 'name'>): string =>
  version.tag === null || version.tag === other.tag ? version.name : version.tag;
