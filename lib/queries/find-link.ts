import 'server-only';
import type { Application } from '@/lib/application';
import { familyOf, parseServiceArn, parseTaskDefinitionArn, revisionNumber } from '@/lib/domain/arn';
import { readConsoleLink } from '@/lib/domain/console-link';
import { may, type Principal } from '@/lib/domain/permissions';
import type { Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { routes } from '@/lib/routes';
import { mine } from './list-services';
import { EVERY_TARGET } from './overview-filter';
import type { Observed } from './shared';
import type { TargetServices } from './sweep';

/** Where a text leads: one page, several to choose from, or words why none. */
export type Link =
  | { readonly kind: 'redirect'; readonly href: string }
  | { readonly kind: 'several'; readonly links: readonly { readonly href: string; readonly words: string }[] }
  | { readonly kind: 'none'; readonly words: string };

const PATIENCE_MS = 3_000;
const LONGEST = 2_000;

/** Where an ARN, a console link or any other text leads, among the targets the principal may look at. */
export async function findLink(principal: Principal, q: string, application: Application): Promise<Link> {
  const text = q.trim().slice(0, LONGEST);
  if (text === '') return { kind: 'redirect', href: routes.services() };
  const targets = application.configuration.targets.filter(({ name }) => may(principal, 'look', name));
  const known = { targets, reads: application.reads };
  const service = parseServiceArn(text);
  if (service !== null) return toService(principal, service, known);
  if (parseTaskDefinitionArn(text) !== null) {
    const [, , , region = null, account = null] = text.split(':');
    return toRevision(principal, { account, region, family: familyOf(text), number: revisionNumber(text) }, known);
  }
  const link = readConsoleLink(text);
  switch (link?.kind) {
    case 'service':
      return toService(principal, link, known);
    case 'family':
      return toRevision(principal, link, known);
    case 'cluster':
      return toCluster(link, known);
    default:
      return { kind: 'redirect', href: routes.services({ target: EVERY_TARGET, show: 'all', q: text }) };
  }
}

/** An account and Region, as far as they are named. */
type Place = { readonly account: string | null; readonly region: string | null };

const placed = (targets: readonly Target[], { account, region }: Place): readonly Target[] =>
  targets.filter(
    (target) =>
      (region === null || target.region === region) &&
      (account === null || target.account === null || target.account === account),
  );

type Known = Pick<Application, 'reads'> & { readonly targets: readonly Target[] };

type Found = {
  readonly services: readonly { readonly target: Target; readonly service: Service }[];
  /** Names of targets that may have more: not all of what is wanted there could be read. */
  readonly unread: readonly string[];
};

/**
 * Services of some targets the principal may look at, as the overview read them.
 *
 * @param cluster - The one that is wanted; `null` for any.
 */
async function knownServices(principal: Principal, cluster: string | null, { targets, reads }: Known): Promise<Found> {
  const read = await Promise.all(
    targets.map(async (target) => ({ target, seen: await reads.services.get(target.name, PATIENCE_MS) })),
  );
  return {
    services: read.flatMap(({ target, seen }) => mine(principal, target, seen).map((service) => ({ target, service }))),
    unread: read.filter(({ seen }) => !isWhole(seen, cluster)).map(({ target }) => target.name),
  };
}

const isWhole = (seen: Observed<TargetServices> | null, cluster: string | null): boolean =>
  seen?.value != null &&
  !seen.partial &&
  !seen.value.failures.some((failure) => cluster === null || failure.cluster === cluster);

type WantedService = Place & { readonly cluster: string | null; readonly service: string };

async function toService(principal: Principal, wanted: WantedService, { targets, reads }: Known): Promise<Link> {
  const { cluster, service } = wanted;
  const here = placed(targets, wanted);
  if (here.length === 0) return notATarget(wanted);
  const { services, unread } = await knownServices(principal, cluster, { targets: here, reads });
  const links = services
    .filter(({ service: one }) => one.name === service && (cluster === null || one.clusterName === cluster))
    .map(({ target, service: { clusterName } }) => ({
      href: routes.service({ target: target.name, cluster: clusterName, service }),
      words: `${service} in ${clusterName}, ${target.name}`,
    }));
  const [only, ...more] = unread;
  // The service's own page reads it alone, and says what it cannot.
  if (links.length === 0 && cluster !== null && only !== undefined && more.length === 0)
    return { kind: 'redirect', href: routes.service({ target: only, cluster, service }) };
  return oneOf(links, { none: `There is no service ${service} in the targets you may look at.`, unread });
}

type WantedFamily = Place & { readonly family: string; readonly number: number | null };

/** To the revision as each service of its family sees it; to these services where no number is named. */
async function toRevision(principal: Principal, wanted: WantedFamily, { targets, reads }: Known): Promise<Link> {
  const { family, number } = wanted;
  const here = placed(targets, wanted);
  if (here.length === 0) return notATarget(wanted);
  const { services, unread } = await knownServices(principal, null, { targets: here, reads });
  const links = services
    .filter(({ service }) => familyOf(service.taskDefinitionArn) === family)
    .map(({ target, service: { name, clusterName } }) => {
      const address = { target: target.name, cluster: clusterName, service: name };
      const where = `${name} in ${clusterName}, ${target.name}`;
      return number === null
        ? { href: routes.service(address), words: where }
        : {
            href: routes.revision(address, `${family}:${number}`),
            words: `${family}:${number} as service ${where} sees it`,
          };
    });
  return oneOf(links, { none: `No service that you may look at runs family ${family}.`, unread });
}

function toCluster(wanted: Place & { readonly cluster: string }, { targets }: Known): Link {
  const here = placed(targets, wanted);
  if (here.length === 0) return notATarget(wanted);
  const target = here.length === 1 && here[0] !== undefined ? here[0].name : EVERY_TARGET;
  return { kind: 'redirect', href: routes.services({ target, cluster: wanted.cluster, show: 'all' }) };
}

type Without = { readonly none: string; readonly unread: readonly string[] };

/** What could not be read may have it, so that nobody is told that it is not there. */
function oneOf(links: readonly { readonly href: string; readonly words: string }[], { none, unread }: Without): Link {
  const [only, ...more] = links;
  if (only !== undefined) return more.length === 0 ? { kind: 'redirect', href: only.href } : { kind: 'several', links };
  if (unread.length === 0) return { kind: 'none', words: none };
  const words = `Nothing was found yet: ${unread.join(' and ')} could not be read in full just now. Try again, or search all services.`;
  return { kind: 'none', words };
}

const notATarget = ({ account, region }: Place): Link => ({
  kind: 'none',
  words: `Account ${account ?? 'unknown'} in ${region ?? 'an unknown region'} is not one of this tool's targets.`,
});
