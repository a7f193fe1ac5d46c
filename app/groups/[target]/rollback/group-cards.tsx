import { Section } from '@/components/ui/heading';
import { Icon } from '@/components/ui/icon';
import { Link } from '@/components/ui/link';
import type { Group } from '@/lib/queries/get-group';
import { routes } from '@/lib/routes';
import type { GroupPlanQuery } from './group-plan';
import type { GroupCard } from './group-view';

type Props = { readonly cards: readonly GroupCard[]; readonly group: Group; readonly query: GroupPlanQuery };

const BOX = 'block rounded-lg border p-4';

/** What to bring back, chosen once for every service: two cards, each a link, none chosen for anybody. */
export function GroupCards({ cards, group: { target, to }, query }: Props) {
  return (
    <Section title="What to bring back" id="bring">
      <ul className="space-y-3">
        {cards.map(({ bring, lines, usable }) => (
          <li key={bring}>
            {usable ? (
              <Link
                href={routes.groupPlan(target.name, { ...query, to, bring })}
                scroll={false}
                aria-current={query.bring === bring ? 'true' : undefined}
                className={`${BOX} border-edge hover:bg-surface aria-current:border-2 aria-current:border-link aria-current:bg-progress-tint`}
              >
                <span className="flex flex-wrap items-baseline justify-between gap-x-4">
                  <span className="font-semibold text-link underline underline-offset-3">{titleOf(bring, to)}</span>
                  {query.bring === bring && (
                    <span className="flex items-baseline gap-1.5 font-medium">
                      <Icon sign="✓" /> Chosen
                    </span>
                  )}
                </span>
                <Lines lines={lines} />
              </Link>
            ) : (
              <div className={`${BOX} border-line bg-surface`}>
                <p className="font-semibold">{titleOf(bring, to)}</p>
                <Lines lines={lines} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const titleOf = (bring: GroupCard['bring'], to: string | null): string =>
  bring === 'images'
    ? "Only the images, keep today's settings (recommended)"
    : `Everything in the revisions that ran ${to ?? 'before'}`;

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return lines.map((line) => (
    <bdi key={line} className="block [overflow-wrap:anywhere]">
      {line}
    </bdi>
  ));
}
