import { formatTime } from '@/lib/domain/time-words';
import type { Frame } from '@/lib/queries/get-frame';
import { Icon } from './ui/icon';
import { Link } from './ui/link';
import { Name } from './ui/name';

/** Rollbacks that are running, on every page of people who may look at their target. */
export function RunningLine({ running, now }: Pick<Frame, 'running' | 'now'>) {
  if (running.length === 0) return null;
  const count = running.reduce((sum, { services }) => sum + services.length, 0);
  const inLine = running.length === 1 ? 'inline' : '';
  return (
    <section aria-label="Running rollbacks" className="border-b border-line bg-progress-tint print:hidden">
      <div className="mx-auto flex max-w-6xl gap-2 px-4 py-2">
        <Icon sign="◐" className="mt-0.5 text-link" />
        <div className="min-w-0">
          <p className="inline">{count === 1 ? '1 rollback is running: ' : `${count} rollbacks are running: `}</p>
          <ul className={inLine}>
            {running.map(({ href, services, target, startedAt, by }) => (
              <li key={href} className={inLine}>
                {services.length === 1 ? <Name>{services[0]}</Name> : `${services.length} services`} in{' '}
                <Name>{target}</Name>, started {formatTime(startedAt, now)} by <Name>{by}</Name>.{' '}
                <Link href={href}>Watch</Link>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}
