import type { ShownDefinition } from '@/lib/domain/task-definition';

/** First AWS CLI that goes where its environment says; no command here needs an older one. */
const LEAST = '2.13.0';

/** First AWS CLI that stops a service deployment. */
const STOPS = '2.27.0';

/**
 * Members a definition got after {@link LEAST}, with the first CLI that knows each, newest first. An older CLI leaves out
 * what it does not know, without a word.
 *
 * @see {@link https://github.com/aws/aws-cli/tree/v2/.changes} for what came with each version.
 */
const SINCE: readonly (readonly [member: string, version: string])[] = [
  ['enableFaultInjection', '2.22.19'],
  ['versionConsistency', '2.22.1'],
  ['restartPolicy', '2.17.31'],
  ['configuredAtLaunch', '2.15.10'],
];

/** Members so new that only the latest CLI is sure to know them. */
const NEWEST: readonly string[] = ['s3filesVolumeConfiguration', 'sharingStrategy'];

/** The oldest AWS CLI that loses nothing of a definition, as the end of a sentence: `AWS CLI 2.22.1 or newer`. */
export function cliFor(definition: ShownDefinition): string {
  const members = membersOf(definition);
  if (NEWEST.some((member) => members.has(member))) return 'the latest AWS CLI';
  return orNewer(SINCE.find(([member]) => members.has(member))?.[1] ?? LEAST);
}

/** The same for stopping a deployment. */
export const CLI_THAT_STOPS = `AWS CLI ${STOPS} or newer`;

const orNewer = (version: string): string => `AWS CLI ${version} or newer`;

/** Names of all members at any depth; names people chose are not told apart, and only make the answer careful. */
function membersOf(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (one: unknown): void => {
    if (Array.isArray(one)) one.forEach(visit);
    else if (typeof one === 'object' && one !== null) {
      for (const [name, member] of Object.entries(one)) {
        if (member !== undefined && member !== null) names.add(name);
        visit(member);
      }
    }
  };
  visit(value);
  return names;
}
