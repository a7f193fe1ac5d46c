import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@/scripts/root.mjs';

const SERVER = join(ROOT, '.next/standalone/.next/server');

const manifest = (name: string): unknown => JSON.parse(readFileSync(join(SERVER, name), 'utf8'));

/** Every page and route the build answers with, as its own manifest names them. */
export const BUILT_DOORS: readonly string[] = Object.keys(manifest('app-paths-manifest.json') as object).sort();

/** A server action of the build: where it is written, the id by which anybody may call it, and the pages that know it. */
export type BuiltAction = { readonly id: string; readonly name: string; readonly pages: readonly string[] };

type Reference = {
  readonly filename: string;
  readonly exportedName: string;
  readonly workers: Readonly<Record<string, unknown>>;
};
type References = Readonly<Record<string, Reference>>;

/** Every server action of the build. */
export const BUILT_ACTIONS: readonly BuiltAction[] = Object.entries(
  (manifest('server-reference-manifest.json') as { readonly node: References; readonly edge: References }).node,
)
  .map(([id, { filename, exportedName, workers }]) => ({
    id,
    name: `${filename}#${exportedName}`,
    pages: Object.keys(workers).map((worker) => worker.replace(/^app/, '')),
  }))
  .sort((a, b) => a.name.localeCompare(b.name));

/** Actions the build would run elsewhere; there are none. */
export const EDGE_ACTIONS: readonly string[] = Object.keys(
  (manifest('server-reference-manifest.json') as { readonly edge: References }).edge,
);

/** A door, and what it takes to knock at it. */
export type Door = {
  /** Addresses; the first is the one that tricks are tried with. */
  readonly at: readonly [string, ...string[]];
  /** What strangers get there, where it is for everybody. */
  readonly open?: number;
  /** Answers JSON or a file rather than a page. */
  readonly data?: boolean;
  /** For programs with a token of their own; sessions count for nothing there. */
  readonly token?: boolean;
};

const API = '/services/production/notify/api';

/** Plan page of the story: back from 428 to the images of 421. */
export const PLAN = `${API}/rollback?to=api:421&bring=images`;

/** Plan page of the story's group. */
export const GROUP_PLAN =
  '/groups/production/rollback?image=notifications-api:release-1123&to=release-1119&bring=images';

/** Every door there is. The suite fails on one of the build that is missing here, and on one here the build has not. */
export const DOORS: Readonly<Record<string, Door>> = {
  '/_global-error/page': { at: ['/_global-error'], open: 500 },
  '/_not-found/page': { at: ['/_not-found'], open: 404 },
  '/api/auth/[...nextauth]/route': { at: ['/api/auth/csrf'], open: 200, data: true },
  '/api/health/route': { at: ['/api/health'], open: 200, data: true },
  '/api/ready/route': { at: ['/api/ready'], open: 200, data: true },
  '/api/v1/holds/route': {
    at: ['/api/v1/holds?target=production&cluster=notify&service=api'],
    data: true,
    token: true,
  },
  '/sign-in/page': { at: ['/sign-in'], open: 200 },
  '/page': { at: ['/'] },
  '/go/page': {
    at: ['/go?q=delivery', `/go?q=${encodeURIComponent('arn:aws:ecs:eu-west-1:111111111111:service/notify/api')}`],
  },
  '/group-rollbacks/[id]/page': { at: ['/group-rollbacks/gr-000000'] },
  '/group-rollbacks/[id]/progress/route': { at: ['/group-rollbacks/gr-000000/progress'], data: true },
  '/groups/[target]/page': {
    at: ['/groups/production', '/groups/production?image=notifications-api:release-1123'],
  },
  '/groups/[target]/rollback/page': { at: [GROUP_PLAN] },
  '/record/page': { at: ['/record'] },
  '/record/download/route': { at: ['/record/download?format=csv', '/record/download?format=json'], data: true },
  '/rollbacks/[id]/page': { at: ['/rollbacks/rb-000000'] },
  '/rollbacks/[id]/progress/route': { at: ['/rollbacks/rb-000000/progress'], data: true },
  '/services/[target]/[cluster]/[service]/compare/page': { at: [`${API}/compare?from=api:428&to=api:421`] },
  '/services/[target]/[cluster]/[service]/page': { at: [API] },
  '/services/[target]/[cluster]/[service]/revisions/[revision]/page': { at: [`${API}/revisions/api:421`] },
  '/services/[target]/[cluster]/[service]/rollback/page': { at: [PLAN, `${API}/rollback`] },
  '/services/newer/route': { at: ['/services/newer?since=1'], data: true },
  '/services/page': { at: ['/services?show=all', '/services?target=production&q=api'] },
  '/status/page': { at: ['/status'] },
};

/** What the fields of an action's form are, or `null` where it takes none. `state` says that it is told the last answer first. */
export type ActionForm = { readonly fields: Readonly<Record<string, string>> | null; readonly state: boolean };

const SERVICE = 'app/services/[target]/[cluster]/[service]';
const NO_PLAN = '00000000-0000-4000-8000-000000000000';

/** Every action there is, with a form that has the right fields. */
export const ACTIONS: Readonly<Record<string, ActionForm>> = {
  'app/groups/[target]/rollback/actions.ts#confirmAll': {
    fields: { plans: NO_PLAN, hash: '0'.repeat(64), chosen: 'notify/api', counted: '1', typed: 'notifications-api' },
    state: true,
  },
  'app/preferences/actions.ts#choose': { fields: { theme: 'dark' }, state: false },
  'app/sign-in/actions.ts#stay': { fields: null, state: false },
  'app/holds/actions.ts#hold': {
    fields: {
      target: 'production',
      cluster: 'notify',
      service: 'api',
      scope: 'service',
      hours: '24',
      reason: 'because',
    },
    state: true,
  },
  'app/holds/actions.ts#change': {
    fields: { target: 'production', cluster: 'notify', service: 'api', id: 'hold-000000', reason: 'because' },
    state: true,
  },
  'app/rollbacks/[id]/actions.ts#close': { fields: { id: 'rb-000000', typed: 'api' }, state: true },
  'app/rollbacks/[id]/actions.ts#intend': { fields: { id: 'rb-000000', reason: 'because' }, state: true },
  [`${SERVICE}/revisions/[revision]/actions.ts#clear`]: {
    fields: { target: 'production', cluster: 'notify', service: 'api', revision: 'api:428', reason: 'because' },
    state: true,
  },
  [`${SERVICE}/rollback/actions.ts#confirm`]: {
    fields: { plan: NO_PLAN, hash: '0'.repeat(64), reason: 'Errors after release', details: '', typed: 'api' },
    state: true,
  },
};

/** Addresses of the pages that know an action. */
export const addressesOf = ({ pages }: BuiltAction): readonly string[] =>
  pages.map((page) => DOORS[page]?.at[0]).filter((address) => address !== undefined);

/** An action called as the framework's own script does. */
export async function called({ id, name }: BuiltAction, fields = ACTIONS[name]?.fields ?? null) {
  const form = new FormData();
  const state = ACTIONS[name]?.state ?? false;
  for (const [field, value] of Object.entries(fields ?? {})) form.append(`_1_${field}`, value);
  form.append('0', JSON.stringify([...(state ? [null] : []), ...(fields === null ? [] : ['$K1'])]));
  const encoded = new Response(form);
  return {
    method: 'POST',
    body: Buffer.from(await encoded.arrayBuffer()),
    headers: {
      'next-action': id,
      accept: 'text/x-component',
      'content-type': encoded.headers.get('content-type') ?? '',
    },
  };
}
