import { PERIODS, periodFor } from '@/components/lanes';
import { Timeline } from '@/components/timeline';
import { Choices } from '@/components/ui/choices';
import { Section } from '@/components/ui/heading';
import { Unavailable } from '@/components/unavailable';
import type { ServicePage } from '@/lib/queries/get-service';
import { routes } from '@/lib/routes';
import { addressOf } from './summary';

/** What the address of a service's page asks for besides the service. */
export type ServiceQuery = {
  readonly show?: string;
  readonly older?: string;
  readonly period?: string;
  readonly find?: string;
};

/** What ran when: which version was good, and when did it end? */
export function Past({ page, query }: { readonly page: ServicePage; readonly query: ServiceQuery }) {
  const { lanes, lastKnownGood: good, now } = page;
  if (!lanes.ok || lanes.value.length === 0) {
    return (
      <Section title="What ran when" id="past">
        {lanes.ok ? <p>{NO_HISTORY}</p> : <Unavailable what="What ran when" failure={lanes.error} />}
      </Section>
    );
  }
  const period = periodFor(query.period, lanes.value, now);
  const choices = PERIODS.map((one) => ({
    words: one.words,
    href: routes.service(addressOf(page), { ...query, period: one.name }),
    chosen: one === period,
  }));
  return (
    <Section title="What ran when" id="past" aside={<Choices label="Last" choices={choices} />}>
      <Timeline runs={lanes.value} period={period} star={good.ok ? (good.value?.lane ?? null) : null} now={now} />
    </Section>
  );
}

const NO_HISTORY =
  'ECS has no deployments of this service in the last 90 days. Versions below come from the task definition list.';
