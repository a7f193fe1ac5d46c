import 'server-only';
import type { Application } from '@/lib/application';
import { familyOf, isRevisionName, revisionArn, revisionName, revisionNumber } from '@/lib/domain/arn';
import { refusedController } from '@/lib/domain/checks/service';
import { asJson } from '@/lib/domain/difference-words';
import { isForward } from '@/lib/domain/direction';
import type { Fact } from '@/lib/domain/facts';
import { ranDigests } from '@/lib/domain/history';
import { marksOn } from '@/lib/domain/marks';
import { normalise } from '@/lib/domain/normalise';
import type { Mark } from '@/lib/domain/past-rollback';
import { mayReadRevision, type Principal } from '@/lib/domain/permissions';
import { ranFor, ranHere, versionRan } from '@/lib/domain/ran-versions';
import { registeredBy } from '@/lib/domain/registered-by';
import type { Version } from '@/lib/domain/version';
import { versionOf } from '@/lib/domain/version-name';
import { ok } from '@/lib/result';
import type { ServiceAddress } from '@/lib/routes';
import { isListed } from './family';
import { findService, PATIENCE_MS } from './find-service';
import type { ServiceHead } from './get-service';
import { type GoodVersion, goodVersion } from './good-version';
import type { Part } from './list-services';
import { familyKey } from './reads';
import { headOf } from './service-names';

export type RevisionPage = {
  readonly head: ServiceHead;
  readonly revision: string;
  readonly number: number;
  /** Whether ECS lists it, returned or not; null where the list was not read. */
  readonly listed: boolean | null;
  readonly running: string;
  /** Words in place of the button where the service cannot be rolled back by this tool. */
  readonly refused: string | null;
  /** Whether it is newer than the running one. */
  readonly forward: boolean;
  readonly isRunning: boolean;
  readonly version: Part<Version>;
  readonly registeredAt: number | null;
  readonly registeredBy: string | null;
  readonly deregisteredAt: number | null;
  readonly status: string | null;
  /** `6 d 3 h, until 02:37 UTC today`, `never ran here`, `not known`. */
  readonly ranHere: string;
  readonly copyOf: { readonly from: string; readonly rollbackId: string } | null;
  readonly mark: {
    readonly by: string;
    readonly at: number;
    readonly reason: string;
    readonly rollbackId: string;
    /** What tells the version that was left from others of this revision; `null` where nothing has to. */
    readonly image: string | null;
  } | null;
  /** The whole definition as JSON, values as "•••". */
  readonly json: string | null;
  readonly now: number;
};

/** One revision of a service's family; `null` where service or name are not to be found. */
export async function getRevision(
  principal: Principal,
  address: ServiceAddress & { readonly revision: string },
  application: Application,
): Promise<Fact<RevisionPage> | null> {
  const found = isRevisionName(address.revision) ? await findService(principal, address, application) : null;
  if (!found?.ok) return found;
  const { target, service } = found.value;
  const arn = revisionArn(service.taskDefinitionArn, address.revision);
  const [revision, known, family] = await Promise.all([
    application.reads.revision(target, arn),
    goodVersion({ target, service, waitMs: PATIENCE_MS }, application),
    application.reads.family.get(familyKey(target.name, familyOf(arn)), PATIENCE_MS),
  ]);
  if (!mayReadRevision(principal, { arn, target: target.name, service, deployments: known.deployments })) return null;
  const now = application.now();
  const digests = ranDigests({ arn, ran: null, deployments: known.deployments, past: known.past });
  const copy = known.past.find(({ copyArn }) => copyArn === arn);
  const [mark] = marksOn(known, { arn });
  const shown = revision.ok ? revision.value : null;
  return ok({
    head: headOf(principal, target, { cluster: service.clusterName, service: service.name }),
    revision: address.revision,
    number: revisionNumber(arn),
    listed: isListed(family?.value ?? null, arn),
    refused: refusedController(service),
    forward: isForward(known.past, { from: service.taskDefinitionArn, to: arn }),
    running: revisionName(service.taskDefinitionArn),
    isRunning: arn === service.taskDefinitionArn,
    version: revision.ok
      ? ok(versionOf({ revision: revision.value, digests, service, target, past: known.past }))
      : revision,
    registeredAt: shown?.registeredAt ?? null,
    registeredBy: registeredBy(shown?.registeredBy ?? null),
    deregisteredAt: shown?.deregisteredAt ?? null,
    status: shown?.status ?? null,
    ranHere: ranWords(known, arn, shown?.registeredAt ?? null, now),
    copyOf: copy === undefined ? null : { from: copy.copiedFrom, rollbackId: copy.id },
    mark: mark === undefined ? null : shownMark(known, arn, mark),
    json: shown === null ? null : asJson(normalise(shown.shown)),
    now,
  });
}

const shownMark = (
  { history }: GoodVersion,
  arn: string,
  { by, at, reason, rollbackId, digests }: Mark,
): RevisionPage['mark'] => ({
  by,
  at,
  reason,
  rollbackId,
  image: digests.size === 0 ? null : (versionRan(history, arn, digests)?.apart?.image ?? null),
});

function ranWords({ history }: GoodVersion, arn: string, registeredAt: number | null, now: number): string {
  const ran = ranHere(history, { arn, registeredAt });
  if (ran.kind === 'never') return 'never ran here';
  if (ran.kind === 'not-known') return `not known whether revision ${revisionNumber(arn)} ran here`;
  return `ran here ${ranFor(ran, now)}`;
}
