import { revisionName, revisionNumber } from '@/lib/domain/arn';
import { containerImages, mainContainerOf, parseImage, shortDigest } from '@/lib/domain/image';
import type { PastRollback } from '@/lib/domain/past-rollback';
import type { Digests, Service } from '@/lib/domain/service';
import { placeOf, settingOf, type Target } from '@/lib/domain/target';
import type { Revision } from '@/lib/domain/task-definition';
import type { Version } from '@/lib/domain/version';

/** A revision as far as naming and showing need it. */
export type NamedRevision = Pick<Revision, 'arn' | 'family' | 'number' | 'shown' | 'tags'>;

/** What a version's name depends on. */
export type VersionQuestion = {
  readonly revision: NamedRevision;
  readonly digests: Digests;
  readonly service: Pick<Service, 'name' | 'clusterName' | 'loadBalancers'>;
  readonly target: Target;
  /** Our own rollbacks of the service: they know what a copy is of. */
  readonly past: readonly PastRollback[];
};

/** Names a revision with its digests as people know it: image tag first, number second. */
export function versionOf({ revision, digests, service, target, past }: VersionQuestion): Version {
  const origin = past.find(({ copyArn }) => copyArn === revision.arn) ?? null;
  const copiedFrom = origin?.copiedFrom ?? taggedOrigin(revision, past);
  const tag =
    mainTag({ revision, digests, service, target }) ??
    origin?.originTag ??
    mainDigest({ revision, digests, service, target });
  return {
    taskDefinitionArn: revision.arn,
    revision: revisionName(revision.arn),
    number: revision.number,
    tag,
    name: nameOf(tag, revision, copiedFrom),
    images: containerImages(revision.shown, digests),
    digests,
  };
}

/** What a copy's own tags say it is of; `null` where they were handed on to a revision that is no copy of ours. */
function taggedOrigin({ arn, tags }: NamedRevision, past: readonly PastRollback[]): string | null {
  const tag = (name: string): string | null => tags.find(({ key }) => key === name)?.value ?? null;
  const known = past.find(({ id }) => id === tag('ecs-rollback:id'));
  const inherited = known !== undefined && known.copyArn !== null && known.copyArn !== arn;
  return inherited ? null : tag('ecs-rollback:copied-from');
}

type MainQuestion = Omit<VersionQuestion, 'past'>;

function mainImage({ revision, service, target }: MainQuestion): { image: string; container: string } | null {
  const configured = settingOf(target, placeOf(service), 'mainContainer');
  const main = mainContainerOf({ shown: revision.shown, service, configured });
  return main?.image === undefined ? null : { image: main.image, container: main.name ?? '' };
}

/** The main container's tag; `latest` where neither tag nor digest is written, `null` for an image fixed to a digest. */
function mainTag(question: MainQuestion): string | null {
  const main = mainImage(question);
  if (main === null) return null;
  const { tag, digest } = parseImage(main.image);
  return tag ?? (digest === null ? 'latest' : null);
}

function mainDigest(question: MainQuestion): string | null {
  const main = mainImage(question);
  const digest = main === null ? null : (parseImage(main.image).digest ?? question.digests.get(main.container) ?? null);
  return digest === null ? null : shortDigest(digest);
}

/** `release-1119 (429, copy of 421)`: a copy by what it was made from, without asking AWS. */
export const nameOfCopy = (tag: string | null, copyArn: string, copiedFrom: string): string =>
  nameOf(tag, { number: revisionNumber(copyArn) }, copiedFrom);

function nameOf(tag: string | null, { number }: Pick<NamedRevision, 'number'>, copiedFrom: string | null): string {
  const within = copiedFrom === null ? String(number) : copyWords(number, copiedFrom);
  return tag === null ? `revision ${within}` : `${tag} (${within})`;
}

/** `429, copy of 421` or `429: 428 with images of 421`, from what the copy's tag says. */
function copyWords(number: number, copiedFrom: string): string {
  const [, base, images] = /^([^ ]+?)(?: images:(.+))?$/.exec(copiedFrom) ?? [];
  if (base === undefined) return String(number);
  return images === undefined
    ? `${number}, copy of ${revisionNumber(base)}`
    : `${number}: ${revisionNumber(base)} with images of ${revisionNumber(images) || images}`;
}
