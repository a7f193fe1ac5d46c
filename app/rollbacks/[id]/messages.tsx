import { Disclosure } from '@/components/ui/disclosure';
import type { ServiceEvent } from '@/lib/domain/service';
import { formatMoment } from '@/lib/domain/time-words';

/** What ECS said of the service meanwhile, newest first. */
export function Messages({ events, now }: { readonly events: readonly ServiceEvent[]; readonly now: number }) {
  if (events.length === 0) return null;
  return (
    <Disclosure summary={`ECS messages (${events.length})`}>
      <ul className="divide-y divide-line border-y border-line">
        {events.map(({ id, at, message }) => (
          <li key={id} className="py-2 [overflow-wrap:anywhere]">
            <span className="mr-3 text-sm text-muted tabular-nums">{formatMoment(at, now)}</span>
            <bdi>{message}</bdi>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}
