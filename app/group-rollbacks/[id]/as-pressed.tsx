import { Section } from '@/components/ui/heading';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import type { GroupRollbackPage } from '@/lib/queries/get-group-rollback';
import { routes } from '@/lib/routes';

/** Who pressed what. It never changes; the plan of each service stands on its own page. */
export function GroupAsPressed({ page }: { readonly page: GroupRollbackPage }) {
  const { by, image, progress, why, details, confirmedAt, now, first, undoes } = page;
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ['Who', <Name key="who">{by.email === null || by.email === by.name ? by.name : `${by.name} · ${by.email}`}</Name>],
    ['When', <Time key="when" at={confirmedAt} now={now} seconds relative={false} />],
    ['From', <Name key="from">{image}</Name>],
    ['To', <Name key="to">{progress.to}</Name>],
    ['Why', <Name key="why">{why ?? 'no reason was asked for'}</Name>],
    ...(details === null ? [] : [['Details', <Name key="details">{details}</Name>] as const]),
    ['How', first === null ? 'All at once' : `${first} first, the rest when it is steady`],
    ...(undoes === null
      ? []
      : [
          [
            'Undoes',
            <Link key="undoes" href={routes.groupRollback(undoes)}>
              {undoes}
            </Link>,
          ] as const,
        ]),
  ];
  return (
    <Section title="As it was confirmed" id="confirmed">
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[10rem_minmax(0,1fr)]">
        {facts.map(([name, value]) => (
          <div key={name} className="contents max-sm:block">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
