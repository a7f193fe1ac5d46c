import { Card } from '@/components/ui/card';
import { Icon } from '@/components/ui/icon';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import { Tag } from '@/components/ui/tag';
import { Time } from '@/components/ui/time';
import { Unavailable } from '@/components/unavailable';
import { formatTime } from '@/lib/domain/time-words';
import type { ServicePage } from '@/lib/queries/get-service';
import { routes } from '@/lib/routes';

const VERSION = 'block text-2xl font-semibold leading-snug tracking-tight';

/** What runs, since when, from whom, and how it fares. */
export function RunningNow({ page }: { readonly page: ServicePage }) {
  const { running, tasks, healthy, state, now } = page;
  return (
    <Card title="Running now" id="running">
      {running.ok ? (
        <>
          <Name className={VERSION}>{running.value.version.name}</Name>
          {running.value.since !== null && (
            <p>
              since <Time at={running.value.since} now={now} />
            </p>
          )}
          <From page={page} registeredBy={running.value.registeredBy} />
        </>
      ) : (
        <Unavailable what="Running version" failure={running.error} />
      )}
      <p className="tabular-nums">
        {tasks.running} of {tasks.desired} tasks
        {healthy?.ok && ` · ${healthy.value.healthy} of ${healthy.value.of} healthy`}
      </p>
      {healthy !== null && !healthy.ok && <Unavailable what="Load balancer health" failure={healthy.error} />}
      <p>
        <Tag {...state} />
      </p>
    </Card>
  );
}

/** Who brought what runs: a rollback of ours, else whoever registered it. */
function From({ page, registeredBy }: { readonly page: ServicePage; readonly registeredBy: string | null }) {
  const { rolledBack, now } = page;
  if (rolledBack !== null) {
    return (
      <p className="text-muted">
        rolled back by <Name>{rolledBack.by}</Name>, {formatTime(rolledBack.at, now)}.{' '}
        <Link href={routes.rollback(rolledBack.id)}>See that rollback</Link>
      </p>
    );
  }
  if (registeredBy === null) return null;
  return (
    <p className="text-muted">
      registered by <Name>{registeredBy}</Name>
    </p>
  );
}

/** The version to return to, and why this one. */
export function LastKnownGood({ page: { lastKnownGood: good, lanes } }: { readonly page: ServicePage }) {
  const unknown = lanes.ok && lanes.value.length === 0;
  return (
    <Card
      title={
        <>
          <Icon sign="★" className="text-good" /> Last known good
        </>
      }
      id="good"
    >
      {!good.ok && <Unavailable what="Last known good" failure={good.error} />}
      {good.ok && good.value === null && <p>{unknown ? NOT_KNOWN : NONE}</p>}
      {good.ok && good.value !== null && (
        <>
          <Name className={VERSION}>{good.value.version.name}</Name>
          <p>{good.value.ran}</p>
          <p className="text-muted">Why: {good.value.why}</p>
        </>
      )}
    </Card>
  );
}

const NOT_KNOWN = 'Not known: ECS has no deployments of this service in the last 90 days. There is no suggestion.';
const NONE =
  'No earlier version ran long enough, kept its images and was not rolled back from. There is no suggestion.';
