import { wholeAddress } from '@/app/address';
import { crumbsTo, titleOf } from '@/app/services/[target]/[cluster]/[service]/heads';
import { SignedInPage } from '@/app/signed-in-page';
import { BY_HAND_NOTE, ByHand } from '@/components/by-hand';
import { CopyForChannel } from '@/components/copy-for-channel';
import { Findings } from '@/components/findings';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeading } from '@/components/ui/heading';
import { Link, OutsideLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { ViewerNotice } from '@/components/viewer-notice';
import { BY_HAND_WITHOUT_THIS_TOOL } from '@/lib/domain/by-hand';
import type { Wish } from '@/lib/domain/facts';
import type { Principal } from '@/lib/domain/permissions';
import { formatClock } from '@/lib/domain/time-words';
import type { ServiceHead } from '@/lib/queries/get-service';
import type { HoldChoice } from '@/lib/queries/holds';
import type { DrawnPlan } from '@/lib/rollback/plan-rollback';
import { routes, type ServiceAddress } from '@/lib/routes';
import { BringCards } from './bring-cards';
import { ConfirmForm, type Pressable } from './confirm-form';
import { FromTo } from './from-to';
import {
  type ChecksView,
  checksView,
  insteadOf,
  meetsPipeline,
  type PlanWords,
  reasonsFor,
  wordsOf,
} from './plan-view';
import { WhatWillHappen } from './what-will-happen';

type Props = {
  readonly principal: Principal;
  readonly address: ServiceAddress;
  readonly wish: Wish;
  /** Overwritten rollback that is to be repeated. */
  readonly again: string | null;
  readonly head: ServiceHead;
  readonly drawn: DrawnPlan;
  readonly hold: HoldChoice | null;
};

/** A plan as it is read: the two versions first, the form last. */
export function PlanRead(props: Props) {
  const { principal, address, wish, again, head, drawn } = props;
  const words = wordsOf(drawn.planned, address, wish.stop !== null);
  const title = titleOf(address, words.title);
  const here = routes.plan(address, { ...wish, again });
  const plan = drawn.planned.kind === 'plan' ? drawn.planned.plan : null;
  return (
    // The form says the title itself: a press that failed puts "Error: " before it.
    <SignedInPage principal={principal} title={null} target={head.target}>
      <ConfirmForm
        title={title}
        here={here}
        plan={pressableOf(props, words)}
        checks={
          plan && {
            head: <ChecksHead view={checksView(plan, address)} drawn={drawn} here={here} />,
            rest: <Checks view={checksView(plan, address)} drawn={drawn} />,
          }
        }
        aside={
          plan && (
            <Aside
              drawn={drawn}
              head={head}
              pipeline={meetsPipeline(plan) && checksView(plan, address).blocks.length === 0}
            />
          )
        }
      >
        <Breadcrumbs crumbs={crumbsTo(address, words.title)} />
        <div className="flex flex-wrap items-baseline justify-between gap-x-6">
          <PageHeading>
            <bdi>{words.heading}</bdi>
          </PageHeading>
          <CopyForChannel words={words.channel} address={wholeAddress(here)} />
        </div>
        <Planned {...props} />
      </ConfirmForm>
      {drawn.planned.kind !== 'choose-bring' && <Commands commands={drawn.byHand} />}
    </SignedInPage>
  );
}

function Commands({ commands }: { readonly commands: readonly string[] }) {
  if (commands.length > 0) return <ByHand commands={commands} />;
  return <ByHand commands={BY_HAND_WITHOUT_THIS_TOOL} note={BY_HAND_NOTE} />;
}

/** Everything above the warnings. */
function Planned({ address, wish, again, drawn: { planned } }: Props) {
  if (planned.kind === 'choose-version') return null;
  if (planned.kind === 'unreadable') {
    return (
      <Notice tone="bad" title="This cannot be planned.">
        <p>{planned.words}</p>
        <p>
          <Link href={routes.plan(address)}>Choose another version</Link>
        </p>
      </Notice>
    );
  }
  const sides = planned.kind === 'plan' ? planned.plan : planned;
  return (
    <>
      <FromTo sides={sides} changeHref={wish.stop === null ? routes.plan(address) : null} />
      {sides.cards !== null && (
        <BringCards cards={sides.cards} sides={sides} address={address} wish={{ ...wish, again }} />
      )}
      {planned.kind === 'plan' ? (
        <WhatWillHappen plan={planned.plan} address={address} />
      ) : (
        <p>Choose what to bring back to see the plan.</p>
      )}
    </>
  );
}

type ChecksProps = { readonly view: ChecksView; readonly drawn: DrawnPlan };

/** How many checks concluded what, and when. */
function ChecksHead({ view, drawn, here }: ChecksProps & { readonly here: string }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
      <h2 id="checks" tabIndex={-1}>
        Checks
      </h2>
      <p className="flex flex-wrap items-baseline gap-x-3 text-sm text-muted">
        <span>
          {view.summary} · {formatClock(drawn.readAt)} UTC
        </span>
        <Link href={here} className="inline-block py-1 text-link underline underline-offset-3">
          Check again
        </Link>
      </p>
    </div>
  );
}

function Checks({ view: { blocks, warnings, notChecked, passed }, drawn }: ChecksProps) {
  // Where nothing can be pressed there is nothing to tick either, but the warnings still stand.
  const unticked = drawn.saved === null || blocks.length > 0 ? warnings : [];
  return <Findings blocks={blocks} warnings={unticked} notChecked={notChecked} passed={passed} />;
}

type AsideProps = {
  readonly drawn: DrawnPlan;
  readonly head: ServiceHead;
  /** Whether the pipeline's next deployment would replace what is planned. */
  readonly pipeline: boolean;
};

/** What stands before the form, or in its place. */
function Aside({ drawn, head, pipeline }: AsideProps) {
  const instead = insteadOf(drawn.notSaved);
  return (
    <>
      {pipeline && (
        <Notice tone="warning" sign="⚠">
          <p>
            The next deployment from the pipeline will replace this rollback. Pause it first.{' '}
            {head.target.pipelineUrl && <OutsideLink href={head.target.pipelineUrl}>Open pipeline</OutsideLink>}
          </p>
        </Notice>
      )}
      {drawn.notSaved === 'viewer' && <ViewerNotice head={head} />}
      {instead !== null && (
        <Notice tone="warning">
          <p>{instead}</p>
        </Notice>
      )}
    </>
  );
}

/** The form's part of a plan that can be pressed; `null` where something blocks or nothing is stored. */
function pressableOf({ address, head, drawn, hold }: Props, { button }: PlanWords): Pressable | null {
  if (drawn.planned.kind !== 'plan' || drawn.saved === null) return null;
  const { plan } = drawn.planned;
  const { blocks, warnings } = checksView(plan, address);
  if (blocks.length > 0) return null;
  return {
    ...drawn.saved,
    service: address.service,
    protected: head.target.protected,
    button,
    reasons: reasonsFor(plan),
    details: drawn.details,
    reason: drawn.reason,
    hold,
    warnings,
    cancelHref: routes.service(address),
  };
}
