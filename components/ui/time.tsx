import { formatAgo, formatMoment, formatTime } from '@/lib/domain/time-words';

type Props = {
  /** Both in milliseconds since 1970, by the server's clock. */
  readonly at: number;
  readonly now: number;
  /** `02:58:31 UTC` in place of `02:58 UTC`. */
  readonly seconds?: boolean;
  /** Whether `17 min ago` follows. */
  readonly relative?: boolean;
};

/** A time in UTC, with its day where that is not today, and how long ago it was: one clock for everybody in a channel. */
export function Time({ at, now, seconds = false, relative = true }: Props) {
  const words = seconds ? formatMoment(at, now) : formatTime(at, now);
  return (
    <time dateTime={new Date(at).toISOString()} className="tabular-nums">
      {relative ? `${words} · ${formatAgo(at, now)}` : words}
    </time>
  );
}
