const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (number: number): string => String(number).padStart(2, '0');

/** A day in UTC, `23 Nov`; with the year where it is another than `nowMs`'s. */
export function formatDay(ms: number, nowMs: number): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear() === new Date(nowMs).getUTCFullYear() ? '' : ` ${date.getUTCFullYear()}`;
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}${year}`;
}

/** A time in UTC, `02:41 UTC`; the day stands before it where it is not today's. Both in milliseconds since 1970. */
export function formatTime(ms: number, nowMs: number): string {
  const date = new Date(ms);
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
  const today = Math.floor(ms / DAY_MS) === Math.floor(nowMs / DAY_MS);
  return today ? clock : `${formatDay(ms, nowMs)} ${clock}`;
}

/** A time with seconds in UTC, `02:58:31`. */
export const formatClock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** A time with seconds in UTC, `02:58:31 UTC`; the day stands before it where it is not today's. */
export function formatMoment(ms: number, nowMs: number): string {
  const clock = `${formatClock(ms)} UTC`;
  return Math.floor(ms / DAY_MS) === Math.floor(nowMs / DAY_MS) ? clock : `${formatDay(ms, nowMs)} ${clock}`;
}

/** A duration by its two greatest units: `6 d 3 h`, `4 min 9 s`, `12 s`. */
export function formatDuration(ms: number): string {
  const [days, hours] = [Math.floor(ms / DAY_MS), Math.floor((ms % DAY_MS) / HOUR_MS)];
  const [minutes, seconds] = [Math.floor((ms % HOUR_MS) / MINUTE_MS), Math.floor((ms % MINUTE_MS) / 1000)];
  if (days > 0) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  if (minutes > 0) return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
  return `${seconds} s`;
}

/** How long something usually takes, in whole minutes from one on: nothing takes as long to the second again. */
export const formatUsual = (ms: number): string =>
  formatDuration(ms < MINUTE_MS ? ms : Math.round(ms / MINUTE_MS) * MINUTE_MS);

/** How long ago by the greatest unit alone: `17 min ago`, `9 h ago`. */
export function formatAgo(ms: number, nowMs: number): string {
  const age = Math.max(0, nowMs - ms);
  if (age < MINUTE_MS) return `${Math.floor(age / 1000)} s ago`;
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`;
  return age < DAY_MS ? `${Math.floor(age / HOUR_MS)} h ago` : `${Math.floor(age / DAY_MS)} d ago`;
}
