import 'server-only';
import type { Application } from '@/lib/application';
import type { Usage } from '@/lib/aws/bucket';
import type { Probe } from '@/lib/aws/permission-probe';
import { mayChangeRecord } from '@/lib/db/database';
import { may, type Principal } from '@/lib/domain/permissions';
import type { Target } from '@/lib/domain/target';
import { formatTime } from '@/lib/domain/time-words';
import { within } from '@/lib/within';

export type Light = { readonly ok: boolean; readonly words: string };

export type StatusPage = {
  readonly targets: readonly {
    readonly target: Target;
    readonly read: Light;
    readonly write: Light;
    readonly calls: string;
    readonly endpoint: string | null;
    readonly readAt: number;
  }[];
  readonly database: Light;
  readonly record: Light;
  readonly signIn: Light;
  readonly notes: readonly string[];
  readonly ownersContact: string | null;
  readonly now: number;
};

const PATIENCE_MS = 3_000;

/** Can the tool work? For the targets the principal may look at. */
export async function getStatus(principal: Principal, application: Application): Promise<StatusPage> {
  const { configuration, database } = application;
  const targets = configuration.targets.filter(({ name }) => may(principal, 'look', name));
  const [lights, answers, role, provider] = await Promise.all([
    Promise.all(targets.map((target) => targetStatus(target, application))),
    database.query('SELECT 1').then(
      () => true,
      () => false,
    ),
    mayChangeRecord(database).catch(() => false),
    within(application.access.provider.answersIn(), PATIENCE_MS),
  ]);
  return {
    targets: lights,
    database: answers ? { ok: true, words: 'PostgreSQL, migrations current' } : { ok: false, words: 'does not answer' },
    record: recordLight(application),
    signIn: signInLight(provider),
    notes: role ? ["This tool's database role could change the record."] : [],
    ownersContact: configuration.ownersContact,
    now: application.now(),
  };
}

/** @param ms - How long the provider took to describe itself; `null` where it did not. */
const signInLight = (ms: number | null): Light =>
  ms === null ? { ok: false, words: 'does not answer' } : { ok: true, words: `answers in ${Math.round(ms)} ms` };

function recordLight({ upkeep, now }: Application): Light {
  const verified = upkeep.verified();
  if (verified === null) return { ok: true, words: 'being verified' };
  const { at, verification } = verified;
  const when = formatTime(at, now());
  if (verification.ok) return { ok: true, words: `verified ${when}, ${formatCount(verification.seq)} entries` };
  return { ok: false, words: `${verification.words}, found ${when}` };
}

const formatCount = (count: number): string => count.toLocaleString('en-GB');

async function targetStatus(target: Target, application: Application): Promise<StatusPage['targets'][number]> {
  const { aws } = application;
  const [tried, endpoints] = await Promise.all([
    application.reads.permissions.get(target.name, PATIENCE_MS),
    aws.endpoints(target),
  ]);
  const probes = tried?.value ?? [];
  const usage = aws.usage(target);
  return {
    target,
    read: light(probes, 'reading'),
    write: light(probes, 'rolling-back', target.writerRole === null),
    calls: usage === null ? 'no calls yet' : usageWords(usage),
    endpoint: endpoints.find(({ overridden }) => overridden)?.url ?? null,
    readAt: tried?.readAt ?? application.now(),
  };
}

/** `4/s of 9/s, service-read`, by the bucket that is used most; what AWS or we ourselves hold back is said. */
function usageWords({ bucket, perSecond, ceiling, throttled, waiting }: Usage): string {
  const rate = (calls: number): string => `${Number(calls.toFixed(calls < 1 ? 1 : 0))}/s`;
  return [
    `${rate(perSecond)} of ${rate(ceiling)}`,
    bucket,
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(throttled ? ['throttled'] : []),
  ].join(', ');
}

const GOOD = { reading: 'can read', 'rolling-back': 'can take the rollback role' } as const;

/** Every permission that is missing is named; where none is, what could not be tried counts for nothing. */
function light(probes: readonly Probe[], of: Probe['of'], own = false): Light {
  const asked = probes.filter((probe) => probe.of === of);
  const missing = asked.filter(({ result }) => result === 'missing');
  if (missing.length > 0) return { ok: false, words: missing.map(denied).join(', ') };
  const works = asked.find(({ result }) => result === 'works');
  if (works !== undefined) return { ok: true, words: own ? works.words : GOOD[of] };
  return { ok: false, words: asked[0]?.words ?? 'AWS has not answered' };
}

const denied = ({ action, words }: Probe): string =>
  action === 'sts:GetCallerIdentity' ? words : `access denied to ${action}`;
