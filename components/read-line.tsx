import { formatClock } from '@/lib/domain/time-words';
import { Age } from './ui/age';
import { Link } from './ui/link';

type Props = {
  readonly readAt: number;
  readonly now: number;
  /** Address of the page itself. */
  readonly here: string;
};

/** Of when the facts of a page are, and how to have them anew. */
export function ReadLine({ readAt, now, here }: Props) {
  return (
    <p className="text-sm text-muted">
      Read <time dateTime={new Date(readAt).toISOString()}>{formatClock(readAt)} UTC</time> ·{' '}
      <Age readAt={readAt} now={now} />{' '}
      <Link href={here} className="ml-2 inline-block py-1 text-link underline underline-offset-3">
        Refresh
      </Link>
    </p>
  );
}
