import { revisionNumber } from '@/lib/domain/arn';
import { formatDay, formatDuration, formatTime } from '@/lib/domain/time-words';
import type { LaneRun } from '@/lib/queries/lane-runs';
import { type Lane, type LaneBar, type LaneSign, lanesIn, type Period } from './lanes';
import { Disclosure } from './ui/disclosure';
import { Icon } from './ui/icon';
import { Name } from './ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from './ui/table';
import { Tag } from './ui/tag';
import type { Tone } from './ui/tone';

type Props = {
  /** Newest first. */
  readonly runs: readonly LaneRun[];
  readonly period: Period;
  /** Lane of the version suggested. */
  readonly star: string | null;
  readonly now: number;
};

/** What ran when: a sentence, a lane for each version, and the same as a table. */
export function Timeline({ runs, period, star, now }: Props) {
  const window = { from: now - period.ms, to: now };
  const lanes = lanesIn(runs, window);
  return (
    <div className="space-y-3">
      <p>{sentence(runs, now)}</p>
      {lanes.length > 0 && (
        <div>
          <Patterns />
          <ul className="divide-y divide-line border-y border-line">
            {lanes.map((lane) => (
              <LaneLine key={lane.version} lane={lane} star={lane.version === star} now={now} />
            ))}
          </ul>
          <p aria-hidden="true" className={`${LINE} text-sm text-muted`}>
            <span className="max-sm:hidden" />
            <span className="flex justify-between">
              <span>{period.words === '24 h' ? formatTime(window.from, now) : formatDay(window.from, now)}</span>
              <span>now</span>
            </span>
          </p>
        </div>
      )}
      <Disclosure summary="Show as a table">
        <RunTable runs={runs} now={now} />
      </Disclosure>
    </div>
  );
}

/** The last two versions that ran, and what failed between them. */
function sentence(runs: readonly LaneRun[], now: number): string {
  const [current, before] = runs.filter(({ outcome }) => outcome === 'successful');
  if (current === undefined) return 'No version has become steady here in the last 90 days.';
  const failed = runs.find(({ outcome }) => outcome === 'never-steady' || outcome === 'rolled-back-by-ecs');
  return [
    current.endedAt === null
      ? `${nameOf(current)} has run for ${formatDuration(current.ms)}.`
      : `${nameOf(current)} ran ${formatDuration(current.ms)}, until ${formatTime(current.endedAt, now)}.`,
    before === undefined ? '' : `Before it, ${nameOf(before)} ran ${formatDuration(before.ms)}.`,
    failed === undefined
      ? ''
      : `${nameOf(failed)} ${failed.outcome === 'never-steady' ? 'never became steady' : 'was rolled back by ECS'}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function nameOf({ tag, revision, image }: LaneRun): string {
  const name = tag === null ? `revision ${revisionNumber(revision)}` : `${tag} (${revisionNumber(revision)})`;
  return image === null ? name : `${name} with ${image}`;
}

const LINE = 'grid gap-x-4 gap-y-1 sm:grid-cols-[minmax(8rem,13rem)_minmax(0,1fr)_minmax(6rem,10rem)]';

function LaneLine({ lane, star, now }: { readonly lane: Lane; readonly star: boolean; readonly now: number }) {
  return (
    <li className={`${LINE} items-center py-2`}>
      <span className="text-sm">
        <span className="tabular-nums">{revisionNumber(lane.revision)}</span>
        {star && (
          <>
            {' '}
            <Icon sign="★" className="text-good" />
            <span className="sr-only">last known good</span>
          </>
        )}{' '}
        <Name className="font-medium">{lane.tag ?? ''}</Name>
        {lane.image !== null && <Name className="block text-muted">with {lane.image}</Name>}
      </span>
      <svg aria-hidden="true" width="100%" height="20" className="overflow-visible">
        <line x1="0" x2="100%" y1="19.5" y2="19.5" className="stroke-line" />
        {lane.bars.map((bar) => (
          <LaneRect key={`${bar.kind} ${bar.from}`} bar={bar} />
        ))}
        {lane.signs.map((sign) => (
          <LaneMark key={`${sign.sign} ${sign.at}`} sign={sign} />
        ))}
      </svg>
      <span className="text-sm text-muted sm:text-right">{laneWords(lane, now)}</span>
    </li>
  );
}

function laneWords({ latest, ms }: Lane, now: number): string {
  if (latest.outcome === 'in-progress') return 'being deployed';
  if (latest.outcome === 'successful' && latest.endedAt === null)
    return `${formatDuration(now - (latest.rolloutUntil ?? now))}, now`;
  return ms > 0 ? formatDuration(ms) : RUN_WORDS[latest.outcome].word;
}

const HEIGHT = 14;
const LEAST_PX = 6;

/** A bar, and below it one of the least width, so that a short run is seen whatever the time shown. */
function LaneRect({ bar: { kind, from, width } }: { readonly bar: LaneBar }) {
  const look = kind === 'ran' ? 'fill-link' : 'fill-[url(#hatched)] stroke-old';
  const shift = from > 98 ? -LEAST_PX : 0;
  return (
    <>
      <rect x={`${from}%`} y="2" width={LEAST_PX} height={HEIGHT} transform={`translate(${shift})`} className={look} />
      <rect x={`${from}%`} y="2" width={`${width}%`} height={HEIGHT} className={look} />
    </>
  );
}

function LaneMark({ sign: { sign, at } }: { readonly sign: LaneSign }) {
  const d = { '✕': 'M-5-5 5 5M5-5-5 5', '↺': 'M-5-5v4h4M-4.5-1.5a5 5 0 1 1-.5 3', '■': 'M-4-4h8v8h-8Z' }[sign];
  return (
    <svg x={`${Math.min(97, Math.max(2, at))}%`} y="9" className="overflow-visible" aria-hidden="true">
      <path d={d} fill="none" strokeWidth="6" strokeLinejoin="round" className="stroke-background" />
      <path
        d={d}
        fill="none"
        strokeWidth="2.5"
        strokeLinejoin="round"
        className={sign === '✕' ? 'stroke-bad' : 'stroke-warning'}
      />
    </svg>
  );
}

function Patterns() {
  return (
    <svg aria-hidden="true" className="absolute size-0">
      <defs>
        <pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" className="fill-background" />
          <line x1="0" y1="0" x2="0" y2="6" strokeWidth="4" className="stroke-old" />
        </pattern>
      </defs>
    </svg>
  );
}

const RUN_WORDS: Readonly<Record<LaneRun['outcome'], { icon: string; word: string; tone: Tone }>> = {
  successful: { icon: '✓', word: 'Deployed', tone: 'good' },
  'never-steady': { icon: '✕', word: 'Never became steady', tone: 'bad' },
  'rolled-back-by-ecs': { icon: '↺', word: 'Rolled back by ECS', tone: 'warning' },
  stopped: { icon: '■', word: 'Stopped', tone: 'muted' },
  'in-progress': { icon: '◐', word: 'Being deployed', tone: 'progress' },
};

function RunTable({ runs, now }: Pick<Props, 'runs' | 'now'>) {
  return (
    <Table label="Table of what ran when">
      <TableHead>
        <Head>Version</Head>
        <Head>Rollout began</Head>
        <Head>Steady</Head>
        <Head>Ended</Head>
        <Head>Ran</Head>
        <Head>How it ended</Head>
      </TableHead>
      <tbody>
        {runs.map((run) => (
          <Row key={`${run.version} ${run.startedAt}`}>
            <RowHead>
              <Name>{nameOf(run)}</Name>
            </RowHead>
            <Cell className="whitespace-nowrap">{formatTime(run.startedAt, now)}</Cell>
            <Cell className="whitespace-nowrap">
              {run.rolloutUntil === null ? '–' : formatTime(run.rolloutUntil, now)}
            </Cell>
            <Cell className="whitespace-nowrap">
              {run.endedAt === null ? 'runs now' : formatTime(run.endedAt, now)}
            </Cell>
            <Cell className="whitespace-nowrap">{run.ms > 0 ? formatDuration(run.ms) : '–'}</Cell>
            <Cell className="whitespace-nowrap">
              <Tag {...RUN_WORDS[run.outcome]} />
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
