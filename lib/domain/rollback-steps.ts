import type { RecordEntry } from '@/lib/db/record';
import { revisionName } from '@/lib/domain/arn';
import type { Step } from '@/lib/domain/progress';
import type { StoredReading } from '@/lib/domain/reading';
import type { Reason, State } from '@/lib/domain/rollback';
import { rollbackWord } from '@/lib/domain/wording';

/** What the steps are told from. */
export type StepFacts = {
  readonly kind: 'copy' | 'stop';
  readonly state: State;
  readonly entries: readonly RecordEntry[];
  readonly by: string;
  readonly why: string | null;
  /** Version returned to. */
  readonly to: string;
  readonly reading: StoredReading | null;
  /** Service of its group that goes first, while this one waits for it. */
  readonly waitsFor: string | null;
};

/** What has happened with its times, then what is under way and what is still to come. */
export const stepsOfRollback = (facts: StepFacts): readonly Step[] => [
  ...facts.entries.flatMap((entry) => happened(entry, facts)),
  ...toCome(facts),
];

const textIn = ({ payload }: RecordEntry, name: string): string | null => {
  const value = payload[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

const nameIn = (entry: RecordEntry): string | null => {
  const { who } = entry.payload as { who?: { name?: string } };
  return who?.name ?? null;
};

function happened(entry: RecordEntry, facts: StepFacts): readonly Step[] {
  const step = (icon: Step['icon'], words: string): readonly Step[] => [
    { icon, at: entry.at, words, requestId: textIn(entry, 'requestId') },
  ];
  const words = textIn(entry, 'words');
  const why = words === null ? '' : `: ${words.replace(/[.\s]+$/, '')}`;
  const change = facts.kind === 'stop' ? 'stop' : 'change';
  switch (entry.kind) {
    case 'confirmed':
      return step('✓', `${facts.by} confirmed${facts.why === null ? '' : `: ${facts.why}`}`);
    case 'registered':
      return step('✓', `New revision registered: ${revisionName(textIn(entry, 'copy') ?? '')}`);
    case 'register-waiting':
    case 'register-unclear':
      return step('!', againWords(entry, why));
    case 'accepted':
      return step('✓', `ECS accepted the ${change}`);
    case 'seen':
      return step('✓', `ECS shows the ${change}`);
    case 'refused':
      // The outcome quotes AWS; its name for the refusal will do here.
      return step('✕', `ECS refused the ${change}: ${textIn(entry, 'code') ?? 'no reason was given'}`);
    case 'not-sent':
      return step('✕', `ECS was not asked${why}`);
    case 'unclear':
      return step('!', `The answer did not arrive${why}`);
    case 'overwrote':
      return step('!', 'A deployment that started at the same moment was replaced');
    case 'taken-over':
      return step('!', 'Another process of this tool went on watching');
    case 'late-fact':
      return step('!', words ?? 'Something turned up after the end');
    case 'hold-created':
      return step('✓', `${nameIn(entry) ?? facts.by} put deployments on hold`);
    case 'hold-prolonged':
      return step('✓', `${nameIn(entry) ?? 'Somebody'} made the hold longer${why}`);
    case 'hold-released':
      return step('○', `${nameIn(entry) ?? 'Somebody'} released the hold${why}`);
    case 'hold-ended':
      return step('○', 'The hold ended with it');
    case 'overwritten':
      return step('!', overwrittenWords(entry));
    case 'in-force-again':
      return step('✓', `${textIn(entry, 'name') ?? 'What replaced it'} is gone again`);
    case 'overwrite-intended':
      return step('○', `${nameIn(entry) ?? 'Somebody'} said that it was intended${why}`);
    case 'closed':
      return step('○', `${nameIn(entry) ?? facts.by} gave up waiting`);
    case 'ended':
      return endedStep(entry, facts, step);
    case 'mark-cleared':
      return step('○', `${nameIn(entry) ?? 'Somebody'} cleared the mark on the version left${why}`);
    default:
      // The intent to send is told by what follows it.
      return [];
  }
}

function overwrittenWords(entry: RecordEntry): string {
  const name = textIn(entry, 'name') ?? 'A deployment';
  const by = textIn(entry, 'by');
  return `${name} was deployed over it${by === null ? '' : `, registered by ${by}`}`;
}

function againWords(entry: RecordEntry, why: string): string {
  const { attempt = 2, waitMs = 0 } = entry.payload as { attempt?: number; waitMs?: number };
  const busy = entry.kind === 'register-waiting' ? 'AWS is busy' : `The answer to registering did not arrive${why}`;
  return `${busy}. Registering the copy again in ${Math.round(waitMs / 1000)} s (${attempt} of 5)`;
}

function endedStep(
  entry: RecordEntry,
  { kind, to }: StepFacts,
  step: (icon: Step['icon'], words: string) => readonly Step[],
): readonly Step[] {
  const { state, reason } = entry.payload as { state: State; reason: Reason | null };
  if (state === 'succeeded') {
    return step('✓', kind === 'stop' ? `ECS returned to ${to}` : 'ECS reports the service steady');
  }
  return step(state === 'failed' ? '✕' : '○', rollbackWord(state, reason).word);
}

const coming = (icon: '◐' | '○', words: string, at: number | null = null): Step => ({
  icon,
  at,
  words,
  requestId: null,
});

function toCome(facts: StepFacts): readonly Step[] {
  const { state, kind, to, waitsFor } = facts;
  const accepts = kind === 'stop' ? 'ECS accepts the stop' : 'ECS accepts the change';
  const steady = coming('○', kind === 'stop' ? `ECS returns to ${to}` : 'ECS reports the service steady');
  switch (state) {
    case 'starting':
      return kind === 'stop'
        ? [coming('◐', 'Asking ECS'), steady]
        : [
            coming('◐', waitsFor === null ? 'Registering the copy' : `Waiting for ${waitsFor} to be steady`),
            coming('○', accepts),
            steady,
          ];
    case 'sending':
      return [coming('◐', 'Asking ECS'), steady];
    case 'unknown':
      return [coming('◐', 'Reading ECS to see if it took the change'), steady];
    case 'watching':
      return [watching(facts), steady];
    default:
      return [];
  }
}

function watching({ kind, reading, to }: StepFacts): Step {
  const at = reading?.movedAt ?? null;
  if (kind === 'stop') return coming('◐', 'ECS is stopping the deployment', at);
  if (reading?.waitingForHook) return coming('◐', 'Paused by a deployment hook', at);
  const { ours, others } = reading ?? {};
  if (!ours || ours.running + ours.pending === 0) return coming('◐', 'Waiting for new tasks to start', at);
  const allRun = ours.running >= ours.desired && ours.pending === 0;
  if (!allRun) return coming('◐', 'New tasks starting', at);
  return coming('◐', others && others.running > 0 ? 'Old tasks stopping' : `All tasks run ${to}`, at);
}
