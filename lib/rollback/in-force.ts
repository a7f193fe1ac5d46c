import 'server-only';
import type { Application } from '@/lib/application';
import { forgetOverwrite, type InForce, inForce, saveOverwrite } from '@/lib/db/overwrites';
import { servicePast } from '@/lib/db/service-past';
import { diff } from '@/lib/domain/diff';
import { runningDigests } from '@/lib/domain/history';
import { parseImage } from '@/lib/domain/image';
import { type InForceVerdict, inForceVerdict, type RunImages } from '@/lib/domain/in-force';
import { normalise } from '@/lib/domain/normalise';
import { registeredBy } from '@/lib/domain/registered-by';
import type { RevisionSummary } from '@/lib/domain/revision-summary';
import { type Deployment, type Digests, primaryOf, type Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { versionOf } from '@/lib/domain/version-name';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** A target somebody looked at so lately is watched. */
const WATCHED_MS = 5 * MINUTE_MS;

/** Time between two looks at what is in force: an overwrite is told within a minute to those who watch, within five else. */
const LOOK_MS = { watched: 20 * SECOND_MS, unwatched: 4 * MINUTE_MS } as const;

/** How often the database is asked what is in force. */
const ASK_MS = 15 * SECOND_MS;

const PRIORITY = { priority: 'background' } as const;
const OWN = 'database';

/**
 * Looks whether rollbacks that are in force still run, and keeps what was deployed over them. It reads as pages do, in the
 * background: nothing of it decides a write.
 *
 * @param lookedAt - When each target was looked at last, kept by the caller.
 */
export async function lookForOverwrites(application: Application, lookedAt: Map<string, number>): Promise<void> {
  const now = application.now();
  if (now - (lookedAt.get(OWN) ?? 0) < ASK_MS) return;
  lookedAt.set(OWN, now);
  const known = await inForce(application.database);
  for (const target of application.configuration.targets) {
    const here = known.filter(({ rollback }) => rollback.target === target.name);
    // Names of targets hold no blanks.
    const key = `target ${target.name}`;
    if (here.length === 0 || now - (lookedAt.get(key) ?? 0) < lookMs(target, here, application)) continue;
    lookedAt.set(key, now);
    await lookAt(target, here, application);
  }
}

function lookMs({ name }: Target, here: readonly InForce[], { reads, now }: Application): number {
  const seenAt = reads.seenAt(
    name,
    here.map(({ rollback }) => rollback),
  );
  return seenAt !== null && now() - seenAt < WATCHED_MS ? LOOK_MS.watched : LOOK_MS.unwatched;
}

async function lookAt(target: Target, here: readonly InForce[], application: Application): Promise<void> {
  const reader = application.aws.reader(target);
  for (const cluster of new Set(here.map(({ rollback }) => rollback.cluster))) {
    const names = here.filter(({ rollback }) => rollback.cluster === cluster).map(({ rollback }) => rollback.service);
    const described = await reader.describeServices(cluster, names, PRIORITY);
    for (const service of described.ok ? described.value.services : []) {
      const one = here.find(({ rollback }) => rollback.serviceArn === service.arn);
      const primary = primaryOf(service);
      if (one !== undefined && primary !== null) await judge({ ...one, target, service, primary }, application);
    }
  }
}

type Question = InForce & { readonly target: Target; readonly service: Service; readonly primary: Deployment };

async function judge(question: Question, application: Application): Promise<void> {
  const { rollback, found, primary } = question;
  const { database, log } = application;
  const seen = primary.taskDefinitionArn === rollback.copyArn ? null : await compare(question, application);
  const verdict = seen === null ? 'in-force' : seen.verdict;
  if (verdict === 'wait' || verdict === 'ours') return;
  if (verdict === 'in-force') {
    if (found !== null) await forgetOverwrite(database, log, rollback.id);
    return;
  }
  if (seen === null || (found?.finding === verdict && found.taskDefinition === primary.taskDefinitionArn)) return;
  const { name, by } = seen;
  const taskDefinition = primary.taskDefinitionArn;
  await saveOverwrite(database, log, rollback.id, {
    finding: verdict,
    taskDefinition,
    name,
    by,
    at: primary.createdAt,
  });
}

type Compared = { readonly verdict: InForceVerdict; readonly name: string; readonly by: string | null };

/** What runs beside the version left and ours; `wait` where it could not be read. */
async function compare(question: Question, application: Application): Promise<Compared | null> {
  const { rollback, plan, target, service, primary } = question;
  const [copyArn, nowArn] = [rollback.copyArn ?? '', primary.taskDefinitionArn];
  const [summaries, recent, own] = await Promise.all([
    application.reads.summaries(target, [plan.from.arn, plan.to.arn, copyArn, nowArn], PRIORITY),
    application.reads.recent.read(target, [service]),
    servicePast(application.database, service.arn),
  ]);
  const summaryOf = (arn: string): RevisionSummary | null => {
    const fact = summaries.get(arn);
    return fact?.ok ? fact.value : null;
  };
  const running = summaryOf(nowArn);
  if (running === null) return { verdict: 'wait', name: '', by: null };
  const deployments = recent.get(service.arn) ?? { ok: true, value: [] };
  const digests = runningDigests(nowArn, deployments, own.past);
  const [left, ours, wanted] = [summaryOf(plan.from.arn), summaryOf(copyArn), summaryOf(plan.to.arn)];
  const ourDigests = new Map([
    ...Object.entries(plan.bring === 'images' ? plan.from.digests : {}),
    ...Object.entries(plan.to.digests),
    ...runningDigests(copyArn, deployments, []),
  ]);
  const verdict = inForceVerdict({
    left: { arn: plan.from.arn, images: imagesOf([left], new Map(Object.entries(plan.from.digests))) },
    ours: { arn: copyArn, images: imagesOf([ours, wanted], ourDigests) },
    now: { arn: nowArn, images: imagesOf([running], digests), settled: primary.rolloutState !== 'IN_PROGRESS' },
    otherCopies: new Set(own.past.flatMap((other) => (other.id === rollback.id ? [] : (other.copyArn ?? [])))),
    sameSettings: await sameSettings(target, [copyArn, nowArn], application),
  });
  const { tag, name } = versionOf({ revision: running, digests, service, target, past: own.past });
  return { verdict, name: tag ?? name, by: registeredBy(running.registeredBy) };
}

/** Images by container: every reference there is for it, and the digest that ran. The first revision says which there are. */
function imagesOf([own = null, ...origins]: readonly (RevisionSummary | null)[], digests: Digests): RunImages {
  const referencesIn = (summary: RevisionSummary | null, container: string): readonly string[] =>
    (summary?.shown.containerDefinitions ?? []).flatMap(({ name, image }) => (name === container ? (image ?? []) : []));
  // Of a revision that is gone there are still the digests it ran with.
  const names = own?.shown.containerDefinitions.flatMap(({ name }) => name ?? []) ?? [...digests.keys()];
  return new Map(
    names.map((name) => {
      const references = [own, ...origins].flatMap((summary) => referencesIn(summary, name));
      const written = referencesIn(own, name).map((reference) => parseImage(reference).digest);
      return [name, { references, digest: written[0] ?? digests.get(name) ?? null }] as const;
    }),
  );
}

/** Whether two revisions differ in nothing but their images; `null` where either cannot be read. */
async function sameSettings(
  target: Target,
  [ours, now]: readonly [string, string],
  { reads }: Application,
): Promise<boolean | null> {
  const [a, b] = [await reads.revision(target, ours, 'background'), await reads.revision(target, now, 'background')];
  if (!a.ok || !b.ok) return null;
  return diff(normalise(a.value.shown), normalise(b.value.shown)).every(({ subject }) => subject === 'image');
}
