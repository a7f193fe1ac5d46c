'use client';

import { useState, useSyncExternalStore } from 'react';
import { usePassed } from '@/components/clock';
import { Bars, FailingTasks, Steps } from '@/components/rollout';
import { Age } from '@/components/ui/age';
import { Button } from '@/components/ui/button';
import { PageHeading } from '@/components/ui/heading';
import { Link, OutsideLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Reload } from '@/components/ui/reload';
import {
  type Progress as ProgressFacts,
  type ProgressWords,
  progressWords,
  type Said,
  whereItStands,
} from '@/lib/domain/progress';
import { formatClock } from '@/lib/domain/time-words';
import { routes, type ServiceAddress } from '@/lib/routes';
import { Announcements } from './announcements';
import { CloseForm } from './close-form';
import { useProgress } from './use-progress';

type Props = {
  readonly first: ProgressFacts;
  /** When the server drew it, in milliseconds since 1970. */
  readonly now: number;
  readonly address: ServiceAddress;
  /** Version left. */
  readonly from: string;
  /** Whether this person may stop it, or give up waiting for it. */
  readonly mayAct: boolean;
  /** Whether the page around it has something to type in. */
  readonly typing: boolean;
  readonly consoleUrl: string;
};

/** How a rollback stands, kept up to date while it is looked at; its outcome once there is one. */
export function Progress({ first, now, address, from, mayAct, typing, consoleUrl }: Props) {
  const [paused, setPaused] = useState(false);
  const { progress, over } = useProgress(first, paused);
  const at = now + usePassed(now, 1_000);
  const words = progressWords(progress, progress.ended ? now : at);
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <Announcements words={spokenWords(progress)} />
      {progress.overwrote !== null && <Overwrote said={progress.overwrote} />}
      <Head words={words} />
      {words.remarks.map((remark) => (
        <Notice key={remark} tone="warning">
          <p>{remark}</p>
        </Notice>
      ))}
      {words.outOfSight && (
        <p className="flex flex-wrap gap-x-6">
          <Link href={routes.rollback(progress.id)}>Look again</Link>
          <OutsideLink href={consoleUrl}>Open the ECS console</OutsideLink>
        </p>
      )}
      <Bars progress={progress} from={from} />
      <FailingTasks progress={progress} />
      <Steps progress={progress} />
      {!progress.ended && <Freshness progress={progress} now={now} paused={paused} onPause={setPaused} />}
      {!progress.ended && <Reload everySeconds={10} typing={typing || (words.closable && mayAct)} />}
      {/* Here because it comes a minute later than the rest, and must not push what is being read. */}
      {words.closable && mayAct && <CloseForm id={progress.id} service={address.service} />}
      {mayAct && progress.kind === 'copy' && !progress.ended && (
        // Its place is kept until ECS has a record of our deployment.
        <p className="min-h-6">
          {progress.stoppable !== null && (
            <Link href={routes.plan(address, { stop: progress.stoppable })}>Stop and return to {from}…</Link>
          )}
        </p>
      )}
      {over === 'signed-out' && <SignedOut id={progress.id} />}
    </div>
  );
}

/** What is read aloud; failures interrupt by themselves. */
function spokenWords(progress: ProgressFacts): string {
  if (progress.said !== null) return progress.said.alert ? '' : progress.said.heading;
  if (progress.state === 'watching' && (progress.newBar?.running ?? 0) === 0) return 'Rollback started.';
  return whereItStands(progress);
}

const HEAD_LOOK: Readonly<Record<ProgressWords['tone'], string>> = {
  good: 'border-good bg-good-tint',
  bad: 'border-bad bg-bad-tint',
  warning: 'border-warning bg-warning-tint',
  progress: 'border-link bg-progress-tint',
  muted: 'border-edge bg-surface',
};

/** The state in one sentence, in its tint; a failure interrupts. */
function Head({ words }: { readonly words: ProgressWords }) {
  return (
    <div
      role={words.alert ? 'alert' : undefined}
      className={`space-y-1 rounded-md border-l-4 p-4 ${HEAD_LOOK[words.tone]}`}
    >
      <PageHeading>
        <bdi>{words.heading}</bdi>
      </PageHeading>
      {words.sentence !== '' && <p className="tabular-nums [overflow-wrap:anywhere]">{words.sentence}</p>}
    </div>
  );
}

function Overwrote({ said }: { readonly said: Said }) {
  return (
    <Notice tone="bad" role="alert" title={said.heading}>
      <p>{said.text}</p>
    </Notice>
  );
}

type FreshnessProps = {
  readonly progress: ProgressFacts;
  readonly now: number;
  readonly paused: boolean;
  readonly onPause: (paused: boolean) => void;
};

const never = (): (() => void) => () => undefined;

/** Of when the facts are. Updates can be paused, by script, which alone makes them. */
function Freshness({ progress: { readAt }, now, paused, onPause }: FreshnessProps) {
  const listening = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <div className="space-y-1">
      <p>You can close this page. The rollback goes on without it.</p>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted">
        {readAt !== null && (
          // As wide as it gets within a minute, so that the button stands still beside it.
          <span className="min-w-52 tabular-nums">
            Read {formatClock(readAt)} UTC · <Age readAt={readAt} now={now} />
          </span>
        )}
        <Button
          type="button"
          onClick={() => onPause(!paused)}
          className={`min-h-8! px-3! py-1! ${listening ? '' : 'invisible'}`}
        >
          {paused ? 'Resume updates' : 'Pause updates'}
        </Button>
      </p>
    </div>
  );
}

function SignedOut({ id }: { readonly id: string }) {
  return (
    <Notice tone="warning" role="alert" title="You were signed out.">
      <p>
        A running rollback is not affected. <a href={routes.signIn(routes.rollback(id))}>Sign in again</a>
      </p>
    </Notice>
  );
}
