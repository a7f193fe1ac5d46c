import { Section } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import type { Plan } from '@/lib/domain/plan-shape';
import { routes, type ServiceAddress } from '@/lib/routes';

type Props = { readonly plan: Plan; readonly address: ServiceAddress };

/** What will happen, step by step, and what people should know besides. */
export function WhatWillHappen({ plan, address }: Props) {
  const { steps, notes, cards, from, to, facts } = plan;
  const image = from.images.find(({ tag }) => tag !== null && tag === from.tag)?.short;
  return (
    <Section
      title="What will happen"
      id="happens"
      aside={
        cards === null && (
          <Link href={routes.compare(address, { from: from.revision, to: to.revision })}>See what differs</Link>
        )
      }
    >
      <ol className="list-decimal space-y-1 pl-6">
        {steps.map((step) => (
          <li key={step} className="[overflow-wrap:anywhere]">
            {step}
          </li>
        ))}
      </ol>
      <ul className="space-y-1 text-muted">
        {notes.map((note, index) => (
          <li key={note} className="[overflow-wrap:anywhere]">
            {note}
            {index === 0 && facts.sameImage.length > 0 && image !== undefined && (
              <>
                {' '}
                <Link href={routes.services({ target: address.target, q: image, show: 'all' })}>Show them</Link>
              </>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
