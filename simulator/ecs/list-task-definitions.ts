import type { ListTaskDefinitionFamiliesResponse, ListTaskDefinitionsResponse } from '@aws-sdk/client-ecs';
import { clientError, invalidParameter } from '@/simulator/aws-error';
import type { Operation } from '@/simulator/call';
import { optionalText } from '@/simulator/input';
import { type PageRule, page } from '@/simulator/page';
import { removeDeleted } from './remove-deleted';
import type { Family, Revision } from './state';

/** How ECS's listings page: 100 at most, `nextToken` and `maxResults`. */
export const ecsPages = (size: number): PageRule => ({
  size,
  most: 100,
  tokenMember: 'nextToken',
  sizeMember: 'maxResults',
  refuse: invalidParameter,
});

const STATUSES = ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'];

const byFamily = (a: Family, b: Family): number => (a.name < b.name ? -1 : 1);

const numbered = (family: Family, status: string): Revision[] =>
  [...family.revisions.values()].filter((revision) => revision.status === status).sort((a, b) => a.number - b.number);

/** ListTaskDefinitions: one status a call, `familyPrefix` being the whole family name. */
export const listTaskDefinitions: Operation = (call, input): ListTaskDefinitionsResponse => {
  const status = optionalText(input, 'status') ?? 'ACTIVE';
  if (!STATUSES.includes(status)) throw clientError(`Invalid task definition status: ${status}`);
  const sort = optionalText(input, 'sort') ?? 'ASC';
  if (sort !== 'ASC' && sort !== 'DESC') throw clientError(`Invalid sort order: ${sort}`);
  const wanted = optionalText(input, 'familyPrefix');
  const families = [...call.region.families.values()].filter(({ name }) => wanted === null || name === wanted);
  removeDeleted(call, families);
  const rising = families.sort(byFamily).flatMap((family) => numbered(family, status));
  const found = sort === 'DESC' ? rising.reverse() : rising;
  const { items, nextToken } = page(found, ({ arn }) => arn, input, ecsPages(100));
  return { taskDefinitionArns: items.map(({ arn }) => arn), ...(nextToken !== null && { nextToken }) };
};

/** ListTaskDefinitionFamilies: here `familyPrefix` is a prefix, and INACTIVE means that no ACTIVE revision is left. */
export const listTaskDefinitionFamilies: Operation = (call, input): ListTaskDefinitionFamiliesResponse => {
  const prefix = optionalText(input, 'familyPrefix') ?? '';
  const status = optionalText(input, 'status') ?? 'ALL';
  if (!['ACTIVE', 'INACTIVE', 'ALL'].includes(status)) throw clientError(`Invalid family status: ${status}`);
  const found = [...call.region.families.values()]
    .filter(({ name, revisions }) => name.startsWith(prefix) && revisions.size > 0)
    .filter((family) => status === 'ALL' || statusOf(family) === status)
    .sort(byFamily);
  const { items, nextToken } = page(found, ({ name }) => name, input, ecsPages(100));
  return { families: items.map(({ name }) => name), ...(nextToken !== null && { nextToken }) };
};

const statusOf = ({ revisions }: Family): string =>
  [...revisions.values()].some(({ status }) => status === 'ACTIVE') ? 'ACTIVE' : 'INACTIVE';
