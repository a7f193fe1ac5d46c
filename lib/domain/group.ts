import { grouped } from '@/lib/domain/grouped';
import { parseImage } from '@/lib/domain/image';

/** A service as far as grouping needs it. */
export type Groupable = {
  readonly cluster: string;
  readonly service: string;
  /** Repository of its main container's image, without the registry. */
  readonly repository: string;
  /** Tag of that image; of a copy fixed to a digest the origin's. `null` where nobody knows one. */
  readonly tag: string | null;
  /** Whether people reach it through a load balancer: such a service goes first. */
  readonly balanced: boolean;
};

/** The services of one target whose main containers run the same `repository:tag`, in the order they are started. */
export type ImageGroup<Member extends Groupable = Groupable> = {
  /** `notifications-api:release-1123`, as addresses write it. */
  readonly image: string;
  readonly repository: string;
  readonly tag: string;
  readonly members: readonly Member[];
};

/** `repository:tag`, as addresses write a group. */
export const groupImage = (repository: string, tag: string): string => `${repository}:${tag}`;

/**
 * Repository and tag of a group's address; `null` for a text that names none. The address names no registry, so that a
 * first part with a dot belongs to the repository.
 */
export function parseGroupImage(text: string): { readonly repository: string; readonly tag: string } | null {
  const { name: repository, tag, digest } = parseImage(text);
  return tag === null || digest !== null || repository === '' ? null : { repository, tag };
}

/** The group of an image as it is written; `null` where it has no tag of its own. */
export function groupOfImage(image: string): string | null {
  const { repository, tag, digest } = parseImage(image);
  return digest !== null ? null : groupImage(repository, tag ?? 'latest');
}

/** What stands for the group where its name is typed or read aloud: the repository's last part. */
export const groupName = (repository: string): string => repository.slice(repository.lastIndexOf('/') + 1);

/** Load-balanced services first, then by name. */
export const startOrder = (
  a: Pick<Groupable, 'balanced' | 'service' | 'cluster'>,
  b: Pick<Groupable, 'balanced' | 'service' | 'cluster'>,
): number =>
  Number(b.balanced) - Number(a.balanced) || a.service.localeCompare(b.service) || a.cluster.localeCompare(b.cluster);

/** Groups of two or more services, the largest first. */
export function groupsOf<Member extends Groupable>(services: readonly Member[]): readonly ImageGroup<Member>[] {
  const tagged = services.filter((service): service is Member & { readonly tag: string } => service.tag !== null);
  return [...grouped(tagged, ({ repository, tag }) => groupImage(repository, tag))]
    .flatMap(([image, members]) => {
      const [first, second] = members;
      if (first === undefined || second === undefined) return [];
      return [{ image, repository: first.repository, tag: first.tag, members: members.sort(startOrder) }];
    })
    .sort((a, b) => b.members.length - a.members.length || a.image.localeCompare(b.image));
}

/** Services that run another tag of a group's repository, or one nobody knows. */
export const notInGroup = <Service extends Groupable>(
  services: readonly Service[],
  { repository, tag }: Pick<ImageGroup, 'repository' | 'tag'>,
): readonly Service[] =>
  services.filter((one) => one.repository === repository && one.tag !== tag).sort((a, b) => startOrder(a, b));

/** What a member's past says: the version last known good, by its tag. */
export type MemberGood = { readonly tag: string | null; readonly until: number | null };

/**
 * The tag a group goes back to: the one last known good for most members, of equals the one that ran latest. `null` where
 * no member has any.
 */
export function toTagOf(goods: readonly MemberGood[]): string | null {
  const votes = new Map<string, { count: number; until: number }>();
  for (const { tag, until } of goods) {
    if (tag === null) continue;
    const { count, until: latest } = votes.get(tag) ?? { count: 0, until: 0 };
    // What still serves while another version is deployed ended latest of all.
    votes.set(tag, { count: count + 1, until: Math.max(latest, until ?? Number.MAX_SAFE_INTEGER) });
  }
  const [most] = [...votes].sort(([, a], [, b]) => b.count - a.count || b.until - a.until);
  return most?.[0] ?? null;
}

/** A run of a member, and the tag its version had. */
export type TaggedRun<Run> = { readonly run: Run; readonly tag: string | null };

/** The latest successful run of a version with a tag: what a member goes back to. Runs are newest first. */
export const runWithTag = <Run extends { readonly outcome: string }>(
  runs: readonly TaggedRun<Run>[],
  tag: string,
): Run | null => runs.find((one) => one.tag === tag && one.run.outcome === 'successful')?.run ?? null;

/** Which of a group goes before the rest, where one does: the first that is load balanced. */
export const firstOf = <Member extends Pick<Groupable, 'balanced' | 'service' | 'cluster'>>(
  members: readonly Member[],
): Member | null => [...members].sort(startOrder).find(({ balanced }) => balanced) ?? null;
