/** Where a service stands in addresses. */
export type ServiceAddress = { readonly target: string; readonly cluster: string; readonly service: string };

type Query = Readonly<Record<string, string | null | undefined>>;

const withQuery = (path: string, query: Query = {}): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
};

const at = ({ target, cluster, service }: ServiceAddress): string =>
  `/services/${encodeURIComponent(target)}/${encodeURIComponent(cluster)}/${encodeURIComponent(service)}`;

/** Every address of the dashboard, built in one place. Revisions are `family:number`. */
export const routes = {
  /** Where a form signs its person out; a route and not an action, so that the way to the provider needs no script. */
  signOut: () => '/api/auth/sign-out',
  services: (query: { target?: string; cluster?: string; show?: string; q?: string; sort?: string } = {}) =>
    withQuery('/services', query),
  /** Counts what changed since a moment, for the overview; program to program. */
  newer: (query: { target?: string; cluster?: string; show?: string; q?: string; since: string }) =>
    withQuery('/services/newer', query),
  service: (address: ServiceAddress, query: { show?: string; older?: string; period?: string; find?: string } = {}) =>
    withQuery(at(address), query),
  revision: (address: ServiceAddress, revision: string) => `${at(address)}/revisions/${encodeURIComponent(revision)}`,
  compare: (address: ServiceAddress, query: { from: string; to: string }) => withQuery(`${at(address)}/compare`, query),
  /** Where a form compares what it asks for. */
  comparison: (address: ServiceAddress) => `${at(address)}/compare`,
  plan: (
    address: ServiceAddress,
    query: {
      to?: string | null;
      bring?: string | null;
      ran?: string | null;
      undo?: string | null;
      stop?: string | null;
      again?: string | null;
    } = {},
  ) => withQuery(`${at(address)}/rollback`, query),
  /** Services of a target by the image they run; with an image, those of one group. */
  groups: (target: string, query: { image?: string } = {}) => withQuery(`/groups/${encodeURIComponent(target)}`, query),
  /** `services` are `cluster/service`, with commas between; all of the group where it is left out. */
  groupPlan: (
    target: string,
    query: {
      image?: string | null;
      to?: string | null;
      bring?: string | null;
      services?: string | null;
      undo?: string | null;
    },
  ) => withQuery(`/groups/${encodeURIComponent(target)}/rollback`, query),
  groupRollback: (id: string) => `/group-rollbacks/${id}`,
  groupProgress: (id: string) => `/group-rollbacks/${id}/progress`,
  rollback: (id: string) => `/rollbacks/${id}`,
  progress: (id: string) => `/rollbacks/${id}/progress`,
  record: (
    query: {
      service?: string;
      target?: string;
      who?: string;
      outcome?: string;
      from?: string;
      to?: string;
      before?: string;
    } = {},
  ) => withQuery('/record', query),
  recordDownload: (query: Query & { format: 'csv' | 'json' }) => withQuery('/record/download', query),
  go: (q: string) => withQuery('/go', { q }),
  status: () => '/status',
  /** `over` says why somebody has to sign in again. */
  signIn: (callbackUrl?: string, over?: string) => withQuery('/sign-in', { callbackUrl, over }),
} as const;

/** The service an address of a page names; `null` for pages of other things. */
export function serviceIn(path: string): ServiceAddress | null {
  const [, target, cluster, service] = /^\/services\/([^/?]+)\/([^/?]+)\/([^/?]+)/.exec(path) ?? [];
  if (target === undefined || cluster === undefined || service === undefined) return null;
  try {
    return {
      target: decodeURIComponent(target),
      cluster: decodeURIComponent(cluster),
      service: decodeURIComponent(service),
    };
  } catch {
    return null;
  }
}
