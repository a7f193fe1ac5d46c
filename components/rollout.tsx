import type { Bar, Progress, Step } from '@/lib/domain/progress';
import { formatClock } from '@/lib/domain/time-words';
import { Disclosure } from './ui/disclosure';
import { Icon } from './ui/icon';
import { Name } from './ui/name';
import { TONE_TEXT, type Tone } from './ui/tone';

type Props = { readonly progress: Progress };

/** New tasks above old ones: solid against hatched, always with their numbers. */
export function Bars({ progress, from }: Props & { readonly from: string }) {
  const { newBar, oldBar, counts, to } = progress;
  if (newBar === null || oldBar === null) return progress.said === null ? <NoBarsYet to={to} from={from} /> : null;
  return (
    <section aria-label="Tasks" className="space-y-3">
      <OneBar title="New" bar={newBar} said={`${newBar.running} of ${newBar.wanted} tasks run ${to}`} look="new" />
      <OneBar
        title="Old"
        bar={oldBar}
        said={`${oldBar.running} ${oldBar.running === 1 ? 'task' : 'tasks'} of other versions still run`}
        look="old"
      />
      {counts !== null && <p className="text-sm text-muted tabular-nums">{counts}</p>}
    </section>
  );
}

const BAR_GRID =
  'grid grid-cols-[2.5rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1 sm:grid-cols-[2.5rem_minmax(0,1fr)_minmax(0,1fr)_9rem]';

/** The place of what ECS has not told yet, so that nothing moves once it does. */
function NoBarsYet({ to, from }: { readonly to: string; readonly from: string }) {
  return (
    <section aria-label="Tasks" className="space-y-3">
      {[
        ['New', to],
        ['Old', from],
      ].map(([title, name]) => (
        <div key={title} className={BAR_GRID}>
          <span className="text-sm text-muted">{title}</span>
          <Name className={`font-medium ${title === 'New' ? 'max-sm:min-h-12' : ''}`}>{name}</Name>
          <div className="max-sm:col-start-2">
            <Picture part={0} look="new" />
          </div>
          <span className="text-sm text-muted max-sm:col-start-2">–</span>
        </div>
      ))}
      <p className="text-sm text-muted">Nothing read from ECS yet.</p>
    </section>
  );
}

type BarProps = {
  readonly title: string;
  readonly bar: Bar;
  /** The bar in a sentence. */
  readonly said: string;
  readonly look: 'new' | 'old';
};

function OneBar({ title, bar, said, look }: BarProps) {
  const { name, running, pending, wanted } = bar;
  const most = Math.max(wanted, running + pending, 1);
  return (
    <div className={BAR_GRID}>
      <span className="text-sm text-muted">{title}</span>
      <Name className="font-medium">{name}</Name>
      <div
        role="progressbar"
        aria-label={`${title} tasks`}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={running}
        aria-valuetext={said}
        className="max-sm:col-start-2"
      >
        <Picture part={running / most} look={look} />
      </div>
      <span className="text-sm tabular-nums max-sm:col-start-2">
        {running} running{pending > 0 && ` · ${pending} starting`}
      </span>
    </div>
  );
}

/** Drawn by the server or the browser alike; a pattern, so that colour says nothing alone. */
function Picture({ part, look }: { readonly part: number; readonly look: 'new' | 'old' }) {
  const width = Math.round(part * 1000) / 10;
  return (
    <svg aria-hidden="true" className="block h-3.5 w-full overflow-hidden rounded-sm border border-edge">
      {look === 'old' && (
        <defs>
          <pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="3" height="6" className="fill-old" />
          </pattern>
        </defs>
      )}
      <rect
        width={`${width}%`}
        height="100%"
        className={look === 'new' ? 'fill-link' : undefined}
        fill={look === 'old' ? 'url(#hatched)' : undefined}
      />
    </svg>
  );
}

const TONE_OF_STEP: Readonly<Record<Step['icon'], Tone>> = {
  '✓': 'good',
  '◐': 'progress',
  '○': 'muted',
  '✕': 'bad',
  '!': 'warning',
};

const WORD_OF_STEP: Readonly<Record<Step['icon'], string>> = {
  '✓': 'Done',
  '◐': 'Under way',
  '○': 'Not yet',
  '✕': 'Failed',
  '!': 'Note',
};

/** What has happened, with its times, then what is to come. */
export function Steps({ progress: { steps } }: Props) {
  return (
    <ol aria-label="Steps" className="space-y-1.5">
      {steps.map(({ icon, at, words, requestId }, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end.
          key={index}
          className={`grid grid-cols-[1.25rem_4.75rem_minmax(0,1fr)] gap-x-2 ${at === null && icon === '○' ? 'text-muted' : ''}`}
        >
          <span>
            <Icon sign={icon} className={TONE_TEXT[TONE_OF_STEP[icon]]} />
            <span className="sr-only">{icon === '○' && at !== null ? 'Ended' : WORD_OF_STEP[icon]}</span>
          </span>
          <span className="tabular-nums text-muted">
            {at !== null && <time dateTime={new Date(at).toISOString()}>{formatClock(at)}</time>}
          </span>
          <span className="[overflow-wrap:anywhere]">
            <bdi>{words}</bdi>
            {requestId !== null && <span className="block text-xs text-muted">AWS request {requestId}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Why tasks stop, in words; AWS's own behind them. */
export function FailingTasks({ progress: { failing, to } }: Props) {
  if (failing.length === 0) return null;
  return (
    <section aria-label="Failing tasks" className="space-y-1 rounded-md border-l-4 border-bad bg-bad-tint px-4 py-2">
      {failing.map(({ words, said }) => (
        <div key={words}>
          <p>
            A task of <Name>{to}</Name> {words}.
          </p>
          {said !== '' && (
            <Disclosure summary="ECS said">
              <p className="text-sm [overflow-wrap:anywhere]">
                <bdi>{said}</bdi>
              </p>
            </Disclosure>
          )}
        </div>
      ))}
    </section>
  );
}
