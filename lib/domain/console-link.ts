import { isClusterName, isServiceName } from '@/lib/domain/arn';

/** Where an address of AWS's console stands: an account and Region as far as the address names them. */
type Place = { readonly account: string | null; readonly region: string | null };

/** What an address of the ECS console shows. */
export type ConsoleLink = Place &
  (
    | { readonly kind: 'service'; readonly cluster: string; readonly service: string }
    | { readonly kind: 'cluster'; readonly cluster: string }
    /** Every revision of a family where `number` is `null`. */
    | { readonly kind: 'family'; readonly family: string; readonly number: number | null }
  );

/** `eu-west-1.console.aws.amazon.com`, before it the session where several are open: `111111111111-ab12cd34`. */
const HOST =
  /^(?:(?:(\d{12})-[a-z0-9]+\.)?([a-z]{2,4}(?:-[a-z]+)+-\d+)\.)?console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com|amazonaws-eusc\.eu)$/;

/**
 * Reads an address of the ECS console, of any tab and of the older console too; `null` for anything else.
 *
 * The service's page stands in `/ecs/v2/clusters/C/services/S/…`, the older one's behind a hash; a revision in
 * `/ecs/v2/task-definitions/F/N/…`.
 */
export function readConsoleLink(text: string): ConsoleLink | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const host = HOST.exec(url.hostname);
  if (host === null) return null;
  const [, account = null, ofHost = null] = host;
  const place = { account, region: url.searchParams.get('region') ?? ofHost };
  const [path = '', hash = ''] = [url.pathname, url.hash.replace(/^#/, '').split('?')[0]];
  if (!path.startsWith('/ecs/')) return null;
  const parts = `${path}/${hash}`.split('/').filter((part) => part !== '');
  return serviceOf(parts, place) ?? familyIn(parts, place);
}

const after = (parts: readonly string[], name: string): readonly (string | undefined)[] => {
  const at = parts.indexOf(name);
  return at === -1 ? [] : parts.slice(at + 1);
};

function serviceOf(parts: readonly string[], place: Place): ConsoleLink | null {
  const [cluster = '', tab, service = ''] = after(parts, 'clusters');
  if (!isClusterName(cluster)) return null;
  return tab === 'services' && isServiceName(service)
    ? { ...place, kind: 'service', cluster, service }
    : { ...place, kind: 'cluster', cluster };
}

function familyIn(parts: readonly string[], place: Place): ConsoleLink | null {
  const [family = '', number = ''] = [...after(parts, 'task-definitions'), ...after(parts, 'taskDefinitions')];
  // Families are named by the same rule as services.
  if (!isServiceName(family)) return null;
  return { ...place, kind: 'family', family, number: /^[1-9]\d{0,9}$/.test(number) ? Number(number) : null };
}
