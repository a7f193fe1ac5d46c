import { formatTime } from '@/lib/domain/time-words';
import type { Frame } from '@/lib/queries/get-frame';
import { routes } from '@/lib/routes';
import { Icon } from './ui/icon';
import { Link } from './ui/link';
import { Name } from './ui/name';

/** Rollbacks that are running, on every page of people who may look at their target. */
export function RunningLine({ running, now }: Pick<Frame, 'running' | 'now'>) {
  if (running.length === 0) return null;
  return (
    <section aria-label="Running rollbacks" className="border-b border-line bg-progress-tint">
      <div className="mx-auto flex max-w-6xl gap-2 px-4 py-2">
        <Icon sign="◐" className="mt-0.5 text-link" />
        <div className="min-w-0">
          <p className="inline">
            {running.length === 1 ? '1 rollback is running: ' : `${running.length} rollbacks are running: `}
          </p>
          <ul className={running.length === 1 ? 'inline' : ''}>
            {running.map(({ id, service, target, startedAt, by }) => (
              <li key={id} className={running.length === 1 ? 'inline' : ''}>
                <Name>{service}</Name> in <Name>{target}</Name>, started {formatTime(startedAt, now)} by{' '}
                <Name>{by}</Name>. <Link href={routes.rollback(id)}>Watch</Link>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}
