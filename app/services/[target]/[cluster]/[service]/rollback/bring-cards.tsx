import { Section } from '@/components/ui/heading';
import { Icon } from '@/components/ui/icon';
import { Link } from '@/components/ui/link';
import type { Wish } from '@/lib/domain/facts';
import type { BringCard } from '@/lib/domain/plan-shape';
import { routes, type ServiceAddress } from '@/lib/routes';
import type { SidesView } from './plan-view';

type Props = {
  readonly cards: readonly BringCard[];
  readonly sides: SidesView;
  readonly address: ServiceAddress;
  readonly wish: Wish & { readonly again: string | null };
};

/** What to bring back: two cards, each a link, none chosen for anybody. */
export function BringCards({ cards, sides, address, wish }: Props) {
  const compare = routes.compare(address, { from: sides.from.revision, to: sides.to.revision });
  return (
    <Section title="What to bring back" id="bring">
      <ul className="space-y-3">
        {cards.map((card) => (
          <li key={card.bring}>
            <Card
              card={card}
              title={titleOf(card, sides)}
              href={routes.plan(address, { ...wish, bring: card.bring })}
              chosen={wish.bring === card.bring && card.unusable === null}
            />
          </li>
        ))}
      </ul>
      <p>
        <Link href={compare}>See what differs</Link>
      </p>
    </Section>
  );
}

const titleOf = ({ bring }: BringCard, { to }: SidesView): string =>
  bring === 'images' ? "Only the images, keep today's settings (recommended)" : `Everything in revision ${to.number}`;

type CardProps = {
  readonly card: BringCard;
  readonly title: string;
  readonly href: string;
  readonly chosen: boolean;
};

const BOX = 'block rounded-lg border p-4';

function Card({ card, title, href, chosen }: CardProps) {
  if (card.unusable !== null) {
    return (
      <div className={`${BOX} border-line bg-surface`}>
        <p className="font-semibold">{title}</p>
        <p>{card.unusable}</p>
      </div>
    );
  }
  return (
    <Link
      href={href}
      scroll={false}
      aria-current={chosen ? 'true' : undefined}
      className={`${BOX} border-edge hover:bg-surface aria-current:border-2 aria-current:border-link aria-current:bg-progress-tint`}
    >
      <span className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-semibold text-link underline underline-offset-3">{title}</span>
        {chosen && (
          <span className="flex items-baseline gap-1.5 font-medium">
            <Icon sign="✓" /> Chosen
          </span>
        )}
      </span>
      {card.lines.map((line) => (
        <bdi key={line} className="block [overflow-wrap:anywhere]">
          {line}
        </bdi>
      ))}
    </Link>
  );
}
