'use client';

import { useState, useSyncExternalStore } from 'react';
import { Announcements } from '@/app/rollbacks/[id]/announcements';
import { usePolled } from '@/app/use-polled';
import { Button } from '@/components/ui/button';
import { PageHeading } from '@/components/ui/heading';
import { Notice } from '@/components/ui/notice';
import { Reload } from '@/components/ui/reload';
import { type GroupProgress as Facts, type GroupWords, groupWords, standsWords } from '@/lib/domain/group-progress';
import { routes } from '@/lib/routes';
import { GroupMembersProgress } from './members';

const EVERY_MS = 3_000;

type Props = {
  readonly first: Facts;
  /** When the server drew it, in milliseconds since 1970. */
  readonly now: number;
  /** Whether the page around it has something to type in. */
  readonly typing: boolean;
};

/** How a group stands, kept up to date while it is looked at; its outcome once there is one. */
export function GroupProgress({ first, typing }: Props) {
  const [paused, setPaused] = useState(false);
  const { progress, over } = usePolled(first, paused, ({ id, ended }) => ({
    url: routes.groupProgress(id),
    everyMs: EVERY_MS,
    ended,
    read: async (answer, before) => (answer.status === 304 ? before : ((await answer.json()) as Facts)),
    isOther: (before, after) => before.ended !== after.ended,
  }));
  const words = groupWords(progress);
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <Announcements words={progress.ended ? (words.alert ? '' : words.heading) : standsWords(progress)} />
      <Head words={words} ended={progress.ended} />
      <GroupMembersProgress progress={progress} />
      {!progress.ended && <WhileItRuns paused={paused} onPause={setPaused} />}
      {!progress.ended && <Reload everySeconds={10} typing={typing} />}
      {over === 'signed-out' && (
        <Notice tone="warning" role="alert" title="You were signed out.">
          <p>
            A running rollback is not affected.{' '}
            <a href={routes.signIn(routes.groupRollback(progress.id))}>Sign in again</a>
          </p>
        </Notice>
      )}
    </div>
  );
}

const LOOK: Readonly<Record<GroupWords['tone'], string>> = {
  good: 'border-good bg-good-tint',
  bad: 'border-bad bg-bad-tint',
  warning: 'border-warning bg-warning-tint',
  progress: 'border-transparent',
  muted: 'border-edge bg-surface',
};

/** The group in one sentence. An outcome stands in its tint; a failure interrupts. */
function Head({ words, ended }: { readonly words: GroupWords; readonly ended: boolean }) {
  return (
    <div
      role={words.alert ? 'alert' : undefined}
      className={ended ? `space-y-1 rounded-md border-l-4 p-4 ${LOOK[words.tone]}` : 'space-y-1'}
    >
      <PageHeading>
        <bdi>{words.heading}</bdi>
      </PageHeading>
      {words.sentence !== '' && <p className="tabular-nums [overflow-wrap:anywhere]">{words.sentence}</p>}
    </div>
  );
}

const never = (): (() => void) => () => undefined;

type WhileProps = { readonly paused: boolean; readonly onPause: (paused: boolean) => void };

/** Updates can be paused, by script, which alone makes them. */
function WhileItRuns({ paused, onPause }: WhileProps) {
  const listening = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <div className="space-y-1">
      <p>You can close this page. The rollbacks go on without it.</p>
      <Button
        type="button"
        onClick={() => onPause(!paused)}
        className={`min-h-8! px-3! py-1! ${listening ? '' : 'invisible'}`}
      >
        {paused ? 'Resume updates' : 'Pause updates'}
      </Button>
    </div>
  );
}
