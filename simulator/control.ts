import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { bodyOf } from '@/simulator/wire/body';
import { AwsError } from './aws-error';
import { advance, setSpeed, worldTime } from './clock';
import { changeSettings, decideFate, deleteFromOutside, deploy, finishWhatIsStopped, Impossible } from './deploy';
import { catchUp } from './ecs/rollout';
import { isRead, operationsOf } from './execute';
import { FAULTS } from './faults';
import { reset, type Simulation } from './simulation';

const PREFIX = '/_simulator/';

/** Whether a request is for the simulator itself rather than for AWS. */
export const isControl = ({ url = '' }: IncomingMessage): boolean => url.startsWith(PREFIX);

/** A route's answer as JSON; Maps become objects. */
type Route = (simulation: Simulation, request: { readonly query: URLSearchParams; readonly body: unknown }) => unknown;

const place = {
  account: z.string().regex(/^\d{12}$/, 'must be 12 digits'),
  region: z.string().optional(),
  cluster: z.string().min(1),
  service: z.string().min(1),
};
/** One of the members and no other, said in words: the errors of a zod union name none. */
const exactlyOne =
  (...names: readonly string[]) =>
  (value: Readonly<Record<string, unknown>>): boolean =>
    names.filter((name) => value[name] !== undefined).length === 1;

const milliseconds = z.number().min(0).max(86_400_000);
const FAULT = z
  .strictObject({
    service: z.string().min(1).optional(),
    operation: z.string().min(1),
    fault: z.enum(FAULTS),
    count: z.int().min(1).optional(),
    skip: z.int().min(0).default(0),
    afterMs: milliseconds.default(0),
    forMs: milliseconds.optional(),
    probability: z.number().min(0).max(1).default(1),
    applied: z.boolean().optional(),
    ms: milliseconds.optional(),
  })
  .superRefine(({ service = null, operation, fault, applied, ms }, problems) => {
    const wrong = (path: string, message: string): void => problems.addIssue({ code: 'custom', path: [path], message });
    const known = operationsOf(service);
    if (known.length === 0) wrong('service', 'is no service the simulator imitates');
    else if (operation !== 'reads' && !known.includes(operation))
      wrong('operation', 'is nothing the simulator imitates');
    const timed = fault === 'slow' || fault === 'stale-read';
    if (timed !== (ms !== undefined)) wrong('ms', timed ? `is how long ${fault} lasts` : `means nothing to ${fault}`);
    if (applied !== undefined && fault !== 'hang') wrong('applied', `means nothing to ${fault}`);
    if (fault === 'stale-read' && operation !== 'reads' && !isRead(operation)) wrong('operation', 'must read');
  });
const DEPLOY = z
  .strictObject({ ...place, image: z.string().min(1).optional(), taskDefinition: z.string().min(1).optional() })
  .refine(exactlyOne('image', 'taskDefinition'), 'give either image or taskDefinition');
const SERVICE = z
  .strictObject({
    ...place,
    tasks: z.enum(['healthy', 'unhealthy', 'crash', 'cannot-pull']).optional(),
    taskDefinition: z.string().min(1).optional(),
    failsAfterMs: z.number().min(0).optional(),
    settings: z.record(z.string(), z.unknown()).optional(),
    finishesStopped: z.literal(true).optional(),
    delete: z.literal(true).optional(),
  })
  .refine(
    exactlyOne('tasks', 'settings', 'finishesStopped', 'delete'),
    'give one of tasks, settings, finishesStopped and delete',
  );
const CLOCK = z
  .strictObject({
    speed: z.number().min(0).max(1_000_000).optional(),
    advanceSeconds: z.number().min(0).max(4_000_000_000).optional(),
  })
  .refine(exactlyOne('speed', 'advanceSeconds'), 'give either speed or advanceSeconds');
const SINCE = z.coerce.number().int().min(0);

const ROUTES: Readonly<Record<string, Route>> = {
  'GET health': ({ world }) => ({ ready: true, scenario: world.scenario }),
  'GET calls': ({ calls }, { query }) => calls.since(SINCE.parse(query.get('since') ?? '0')),
  'DELETE calls': ({ calls }) => {
    calls.clear();
    return {};
  },
  'POST faults': ({ world, faults, past }, { body }) => {
    const { service = null, count = null, forMs = null, ms = 0, applied = false, ...rest } = FAULT.parse(body);
    if (rest.fault === 'stale-read' && faults.oldestMs() === null) past.begin(world, Date.now());
    return { id: faults.add({ ...rest, service, count, forMs, ms, applied }, Date.now()) };
  },
  'DELETE faults': ({ faults, past }) => {
    faults.clear();
    past.forget();
    return {};
  },
  'POST deploy': (simulation, { body }) => {
    const wish = DEPLOY.parse(body);
    lookBack(simulation);
    return deploy(simulation.world, Date.now(), wish);
  },
  'POST service': (simulation, { body }) => {
    const wish = SERVICE.parse(body);
    const { world } = simulation;
    const { tasks, settings, finishesStopped, ...place } = wish;
    lookBack(simulation);
    if (tasks !== undefined) decideFate(world, { ...wish, tasks });
    else if (settings !== undefined) changeSettings(world, Date.now(), { ...place, settings });
    else if (finishesStopped) finishWhatIsStopped(world, place);
    else deleteFromOutside(world, Date.now(), place);
    return {};
  },
  'POST clock': ({ world }, { body }) => {
    const wish = CLOCK.parse(body);
    const now = worldTime(world, Date.now());
    catchUp(world, now);
    if (wish.speed !== undefined) setSpeed(world, wish.speed, now);
    if (wish.advanceSeconds !== undefined) advance(world, wish.advanceSeconds);
    catchUp(world, worldTime(world, Date.now()));
    return world.clock;
  },
  'POST reset': (simulation) => {
    reset(simulation);
    return {};
  },
  'GET state': ({ world }) => {
    catchUp(world, worldTime(world, Date.now()));
    return world;
  },
};

/** Remembers the world as it is where reads that lag behind will want it. */
function lookBack({ world, faults, past }: Simulation): void {
  if (faults.oldestMs() !== null) past.begin(world, Date.now());
}

/** Answers a control request; a mistake in it is a 400 that says which. */
export async function answerControl(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await bodyOf(request);
  if (typeof text !== 'string') return tell(response, 413, { error: 'The request is too large or was cut off.' });
  const url = new URL(request.url ?? '', 'http://simulator');
  const name = `${request.method} ${url.pathname.slice(PREFIX.length)}`;
  const route = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (!route)
    return tell(response, 404, { error: `There is no ${name}. There are: ${Object.keys(ROUTES).join(', ')}.` });
  try {
    tell(response, 200, route(simulation, { query: url.searchParams, body: parsedBody(text) }));
  } catch (error) {
    const words = wordsFor(error);
    if (words === null) throw error;
    tell(response, 400, { error: words });
  }
}

function parsedBody(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Impossible('The body is not JSON.');
  }
}

function wordsFor(error: unknown): string | null {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  return error instanceof Impossible ? error.message : null;
}

function tell(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value, (_name, member) => (member instanceof Map ? Object.fromEntries(member) : member));
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}
