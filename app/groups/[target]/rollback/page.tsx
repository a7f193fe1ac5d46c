import { type Query, readPath, readQuery } from '@/app/address';
import { isOutsider, NoAccess } from '@/app/no-access';
import { NotThere } from '@/app/not-there';
import { RecordUnread } from '@/app/record/record-unread';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { parseGroupImage } from '@/lib/domain/group';
import { aboutWords } from '@/lib/domain/hold';
import type { Principal } from '@/lib/domain/permissions';
import { type Group, getGroup, getGroupUndo } from '@/lib/queries/get-group';
import { groupHoldChoice } from '@/lib/queries/holds';
import { ok } from '@/lib/result';
import { planGroup } from '@/lib/rollback/plan-group';
import type { HoldOnImages } from './group-form';
import { GroupPlan } from './group-plan';

type Props = { readonly params: Promise<{ readonly target: string }>; readonly searchParams: Query };

/** A rollback of several services before it is confirmed: where each goes back to, what speaks against it, and one form. */
export default async function GroupPlanPage({ params, searchParams }: Props) {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const { target } = await readPath(params);
  const query = await readQuery(searchParams, ['image', 'to', 'bring', 'services', 'undo']);
  const read = query.undo
    ? await getGroupUndo(principal, target, query.undo, application())
    : ok(await getGroup(principal, target, query, application()));
  if (!read.ok) return <RecordUnread principal={principal} title={`Undo ${query.undo} · ECS rollback`} />;
  const group = read.value;
  if (group === null) return <NotThere />;
  const members = group.members.flatMap(({ wish, cluster, service, balanced }) =>
    wish === null ? [] : [{ wish, cluster, service, balanced }],
  );
  const { image, to, undoes } = group;
  const drawn = await planGroup(principal, { target, image, to: to ?? '', undoes, members }, application());
  const hold = await holdOn(principal, group);
  return <GroupPlan principal={principal} group={group} drawn={drawn} query={query} hold={hold} />;
}

/** The box that also holds deployments, where they would replace what is planned. */
async function holdOn(principal: Principal, { target, image, members, undoes }: Group): Promise<HoldOnImages | null> {
  const repository = parseGroupImage(image)?.repository;
  if (undoes !== null || repository === undefined) return null;
  const images = { target, repository, services: members };
  const choice = await groupHoldChoice(principal, images, application());
  return choice === null ? null : { ...choice, what: aboutWords({ kind: 'repository', repository }) };
}
