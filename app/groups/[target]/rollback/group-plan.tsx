import { wholeAddress } from '@/app/address';
import { crumbsTo, titleOf } from '@/app/groups/[target]/heads';
import { UnreadClusters } from '@/app/groups/[target]/unread-clusters';
import { insteadOf, reasonsFor } from '@/app/services/[target]/[cluster]/[service]/rollback/plan-view';
import { SignedInPage } from '@/app/signed-in-page';
import { ByHand } from '@/components/by-hand';
import { CopyForChannel } from '@/components/copy-for-channel';
import { Stale } from '@/components/stale';
import { StillReading } from '@/components/still-reading';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { Choices } from '@/components/ui/choices';
import { OutsideLink } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Notice } from '@/components/ui/notice';
import type { Principal } from '@/lib/domain/permissions';
import type { Group } from '@/lib/queries/get-group';
import type { DrawnMember } from '@/lib/rollback/plan-group';
import { groupHash } from '@/lib/rollback/plan-group';
import { routes } from '@/lib/routes';
import { GroupCards } from './group-cards';
import { type GroupAsked, GroupForm, type HoldOnImages } from './group-form';
import { type GroupView, groupView } from './group-view';
import { NotInGroup } from './not-in-group';

/** What the plan's address asks for. */
export type GroupPlanQuery = Partial<Record<'image' | 'to' | 'bring' | 'services' | 'undo', string>>;

type Props = {
  readonly principal: Principal;
  readonly group: Group;
  readonly drawn: readonly DrawnMember[];
  readonly query: GroupPlanQuery;
  readonly hold: HoldOnImages | null;
};

/** A group's plan as it is read: its services first, the form last. */
export function GroupPlan({ principal, group, drawn, query, hold }: Props) {
  const { target, name, image, from, to, undoes } = group;
  const view = groupView({ group, drawn, services: query.services });
  const here = routes.groupPlan(target.name, query);
  const verb = undoes === null ? 'Roll back' : 'Undo the rollback of';
  const heading =
    undoes === null
      ? `Roll back ${name} in ${target.name}`
      : `Undo ${undoes}: return ${name} to ${to} in ${target.name}`;
  const page = undoes === null ? `Group rollback plan ${from} → ${to ?? '–'}` : `Group undo plan ${from} → ${to}`;
  return (
    // The form says the title itself: a press that failed puts "Error: " before it.
    <SignedInPage principal={principal} title={null} target={target}>
      <GroupForm
        title={titleOf(name, target.name, page)}
        here={here}
        heading={heading}
        verb={verb}
        target={target.name}
        name={name}
        rows={view.rows}
        initial={view.chosen}
        asked={askedOf(group, view, hold)}
        everyHref={routes.groupPlan(target.name, { ...query, services: undefined })}
        crumbs={<Breadcrumbs crumbs={crumbsTo(target.name, image, 'Plan')} />}
        aside={<Aside group={group} view={view} />}
      >
        <Top group={group} view={view} query={query} here={here} heading={heading} />
      </GroupForm>
      <NotInGroup group={group} />
      {view.byHand.length > 0 && <ByHand commands={view.byHand} />}
    </SignedInPage>
  );
}

type TopProps = {
  readonly group: Group;
  readonly view: GroupView;
  readonly query: GroupPlanQuery;
  readonly here: string;
  readonly heading: string;
};

/** What stands between the heading and the rows. */
function Top({ group, view, query, here, heading }: TopProps) {
  const { target, from, to, tags, undoes } = group;
  return (
    <>
      {group.stillReading && <StillReading words="Still reading which services run this image." typing />}
      <Stale failure={group.failure} readAt={group.readAt} now={group.now} typing />
      <UnreadClusters seen={group} image={group.image} />
      {view.left.length > 0 && (
        <Notice tone="warning" title="Not every service that was chosen is in this group any more.">
          <ul>
            {view.left.map((words) => (
              <li key={words} className="[overflow-wrap:anywhere]">
                {words}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <p>
          From <Name className="font-semibold">{from}</Name> to{' '}
          <Name className="font-semibold">{to ?? 'no version yet'}</Name>
        </p>
        <CopyForChannel words={`${heading}: plan from ${from} to ${to ?? '–'}`} address={wholeAddress(here)} />
      </div>
      {undoes === null && tags.length > 0 && (
        <Choices
          label="To"
          choices={choicesOf(tags, to).map((tag) => ({
            words: tag,
            href: routes.groupPlan(target.name, { ...query, to: tag }),
            chosen: tag === to,
          }))}
        />
      )}
      {to === null && view.rows.length > 0 && (
        <p>No version is last known good for most of these services. Choose one to see the plan.</p>
      )}
      {view.cards !== null && <GroupCards cards={view.cards} group={group} query={query} />}
      {view.choose && <p>Choose what to bring back to see the plan.</p>}
      {view.rows.length === 0 && !group.stillReading && <p>{goneWords(group)}</p>}
    </>
  );
}

/** Said where there is nothing to roll back: what failed before may have been replaced meanwhile. */
const goneWords = ({ undoes, image, target, failure }: Group): string => {
  if (failure !== null) return `Which services run it could not be read: ${failure.words}`;
  if (undoes !== null) return 'None of its services runs what it brought any more.';
  return `No service in ${target.name} runs ${image} any more.`;
};

/** Tags offered at once; the one that is chosen is among them. */
const TAGS = 5;

const choicesOf = (tags: readonly string[], to: string | null): readonly string[] => {
  const first = tags.slice(0, TAGS);
  return to === null || first.includes(to) ? first : [to, ...first];
};

/** What stands before the form, or in its place. */
function Aside({ group, view }: { readonly group: Group; readonly view: GroupView }) {
  const { target, undoes, name } = group;
  const instead = insteadOf(view.notSaved);
  return (
    <>
      {undoes === null && view.plans.length > 0 && !view.choose && (
        <Notice tone="warning" sign="⚠">
          <p>
            The next deployment from the pipeline will replace this rollback. Pause it first.{' '}
            {target.pipelineUrl && <OutsideLink href={target.pipelineUrl}>Open pipeline</OutsideLink>}
          </p>
        </Notice>
      )}
      {view.notSaved === 'viewer' && (
        <Notice tone="muted">
          <p>
            You can view <Name>{name}</Name> in <Name>{target.name}</Name> but not roll it back. People in{' '}
            {target.operators.join(', ')} can.
          </p>
        </Notice>
      )}
      {instead !== null && (
        <Notice tone="warning">
          <p>{instead}</p>
        </Notice>
      )}
      {view.plans.length > 0 && !view.choose && (
        <p className="text-muted">
          Each service is a rollback of its own: a new revision, one update, its own page. They start as fast as half of
          AWS's quotas allows, load-balanced services first. One that fails stops and reverts nothing else.
        </p>
      )}
    </>
  );
}

/** The form's part; `null` where nothing is stored, nothing can be chosen or what to bring back is still to be chosen. */
function askedOf({ target, image, undoes }: Group, view: GroupView, hold: HoldOnImages | null): GroupAsked | null {
  if (view.choose || view.plans.length === 0 || view.rows.every(({ why }) => why !== null)) return null;
  return {
    plans: view.plans.map(({ id }) => id),
    hash: groupHash(view.plans),
    warnings: view.warnings,
    first: view.first,
    hold,
    protected: target.protected,
    reasons: reasonsFor({ undo: undoes }),
    details: view.details,
    reason: '',
    cancelHref: routes.groups(target.name, { image }),
  };
}
