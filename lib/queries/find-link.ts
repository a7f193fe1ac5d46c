import 'server-only';
import type { Application } from '@/lib/application';
import { familyOf, parseServiceArn, parseTaskDefinitionArn, revisionName } from '@/lib/domain/arn';
import { may, type Principal } from '@/lib/domain/permissions';
import type { Target } from '@/lib/domain/target';
import { routes } from '@/lib/routes';
import { mine } from './list-services';
import { EVERY_TARGET } from './overview-filter';

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
  const service = serviceIn(text);
  if (service !== null) return toService(principal, service, { targets, reads: application.reads });
  if (parseTaskDefinitionArn(text) !== null) return toRevision(principal, text, { targets, reads: application.reads });
  return { kind: 'redirect', href: routes.services({ target: EVERY_TARGET, show: 'all', q: text }) };
}

type Place = {
  readonly account: string | null;
  readonly region: string;
  readonly cluster: string | null;
  readonly service: string;
};

/** A service named by its ARN of either form, or by an address of the ECS console. */
function serviceIn(text: string): Place | null {
  const arn = parseServiceArn(text);
  if (arn !== null) return arn;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (
    !/\.console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$|^console\.aws\.amazon\.com$/.test(url.hostname)
  )
    return null;
  const region = url.searchParams.get('region') ?? /^([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(url.hostname)?.[1] ?? '';
  const path = `${url.pathname}${url.hash}`;
  const [, cluster, service] = /\/clusters\/([A-Za-z0-9_-]+)\/services\/([A-Za-z0-9_-]+)/.exec(path) ?? [];
  return cluster === undefined || service === undefined ? null : { account: null, region, cluster, service };
}

const placed = (targets: readonly Target[], account: string | null, region: string): readonly Target[] =>
  targets.filter(
    (target) => target.region === region && (account === null || target.account === null || target.account === account),
  );

type Known = Pick<Application, 'reads'> & { readonly targets: readonly Target[] };

/** Services of some targets the principal may look at, as the overview read them. */
async function knownServices(principal: Principal, { targets, reads }: Known) {
  const read = await Promise.all(
    targets.map(async (target) => {
      const services = mine(principal, target, await reads.services.get(target.name, PATIENCE_MS));
      return services.map((service) => ({ target, service }));
    }),
  );
  return read.flat();
}

async function toService(
  principal: Principal,
  { account, region, cluster, service }: Place,
  { targets, reads }: Known,
): Promise<Link> {
  const here = placed(targets, account, region);
  if (here.length === 0) return notATarget(account, region);
  const links = (await knownServices(principal, { targets: here, reads }))
    .filter(({ service: one }) => one.name === service && (cluster === null || one.clusterName === cluster))
    .map(({ target, service: { clusterName } }) => ({
      href: routes.service({ target: target.name, cluster: clusterName, service }),
      words: `${service} in ${clusterName}, ${target.name}`,
    }));
  return oneOf(links, `There is no service ${service} in the targets you may look at.`);
}

async function toRevision(principal: Principal, arn: string, { targets, reads }: Known): Promise<Link> {
  const revision = revisionName(arn);
  const [, , , region = '', account = ''] = arn.split(':');
  const here = placed(targets, account, region);
  if (here.length === 0) return notATarget(account, region);
  const family = familyOf(arn);
  const links = (await knownServices(principal, { targets: here, reads }))
    .filter(({ service }) => familyOf(service.taskDefinitionArn) === family)
    .map(({ target, service: { name, clusterName } }) => ({
      href: routes.revision({ target: target.name, cluster: clusterName, service: name }, revision),
      words: `${revision} as service ${name} in ${clusterName}, ${target.name} sees it`,
    }));
  return oneOf(links, `No service that you may look at runs family ${family}.`);
}

function oneOf(links: readonly { readonly href: string; readonly words: string }[], none: string): Link {
  const [only, ...more] = links;
  if (only === undefined) return { kind: 'none', words: none };
  return more.length === 0 ? { kind: 'redirect', href: only.href } : { kind: 'several', links };
}

const notATarget = (account: string | null, region: string): Link => ({
  kind: 'none',
  words: `Account ${account ?? 'unknown'} in ${region === '' ? 'an unknown region' : region} is not one of this tool's targets.`,
});
