import 'server-only';
import type { Application } from '@/lib/application';
import type { Fact } from '@/lib/domain/facts';
import { may, type Principal } from '@/lib/domain/permissions';
import type { Target } from '@/lib/domain/target';
import { formatTime } from '@/lib/domain/time-words';
import { failureWords } from './list-services';
import { within } from './shared';

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
  const [lights, answers, role] = await Promise.all([
    Promise.all(targets.map((target) => targetStatus(target, application))),
    database.query('SELECT 1').then(
      () => true,
      () => false,
    ),
    database.query<{ may: boolean }>(`SELECT has_table_privilege('record', 'UPDATE') AS may`).then(
      ([row]) => row?.may ?? false,
      () => false,
    ),
  ]);
  return {
    targets: lights,
    database: answers ? { ok: true, words: 'PostgreSQL, migrations current' } : { ok: false, words: 'does not answer' },
    record: recordLight(application),
    signIn: { ok: true, words: `you are signed in by ${new URL(principal.issuer).host}` },
    notes: role ? ["This tool's database role could change the record."] : [],
    ownersContact: configuration.ownersContact,
    now: application.now(),
  };
}

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
  const readAt = application.now();
  const [read, write, endpoints] = await Promise.all([
    within(aws.identity(target), PATIENCE_MS),
    within(aws.canTakeWriterRole(target), PATIENCE_MS),
    aws.endpoints(target),
  ]);
  const usage = aws.usage(target);
  return {
    target,
    read: light(read, 'can read'),
    write: light(
      write,
      write?.ok && write.value === 'ambient'
        ? 'writes with its own credentials, not narrowed'
        : 'can take the rollback role',
    ),
    calls:
      usage === null
        ? 'no calls yet'
        : `${Math.round(usage.perSecond)}/s of ${usage.ceiling}/s${usage.throttled ? ', throttled' : ''}`,
    endpoint: endpoints.find(({ overridden }) => overridden)?.url ?? null,
    readAt,
  };
}

function light(fact: Fact<unknown> | null, good: string): Light {
  if (fact === null) return { ok: false, words: 'AWS has not answered' };
  return fact.ok ? { ok: true, words: good } : { ok: false, words: failureWords(fact.error) };
}
