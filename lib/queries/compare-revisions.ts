import 'server-only';
import type { Application } from '@/lib/application';
import { familyOf, isRevisionName, revisionArn, revisionName, revisionNumber } from '@/lib/domain/arn';
import type { Change } from '@/lib/domain/change';
import { refusedController } from '@/lib/domain/checks/service';
import { diff } from '@/lib/domain/diff';
import { asJson, duplicateWords, theSame } from '@/lib/domain/difference-words';
import { isForward } from '@/lib/domain/direction';
import type { Fact } from '@/lib/domain/facts';
import { ranDigests } from '@/lib/domain/history';
import { duplicateNames, normalise } from '@/lib/domain/normalise';
import { mayReadRevision, type Principal } from '@/lib/domain/permissions';
import type { Version } from '@/lib/domain/version';
import { type NamedRevision, versionOf } from '@/lib/domain/version-name';
import { ok } from '@/lib/result';
import type { ServiceAddress } from '@/lib/routes';
import { isListed, listed } from './family';
import { findService, PATIENCE_MS } from './find-service';
import type { ServiceHead } from './get-service';
import { goodVersion } from './good-version';
import type { Part } from './list-services';
import { familyKey } from './reads';
import type { ShownRevision } from './revision-reads';
import { headOf } from './service-names';

export type ComparePage = {
  readonly head: ServiceHead;
  readonly from: string;
  readonly to: string;
  readonly running: string;
  /** Revisions to choose from, newest first. */
  readonly choices: readonly { readonly revision: string; readonly name: string }[];
  readonly comparison: Part<{
    readonly from: Version;
    readonly to: Version;
    readonly changes: readonly Change[];
    /** `5 things differ`, or that nothing does. */
    readonly summary: string;
    /** What is the same, in words. */
    readonly same: string;
    /** Names that stand more than once on either side, a sentence each. */
    readonly duplicates: readonly string[];
    /** Containers of both sides whose image stays the same. */
    readonly sameImages: readonly string[];
    readonly jsonFrom: string;
    readonly jsonTo: string;
  }>;
  /** The side that cannot be read, where one cannot; `listed` is null where the list was not read. */
  readonly unread: { readonly number: number; readonly listed: boolean | null };
  /** Words in place of the button where the service cannot be rolled back by this tool. */
  readonly refused: string | null;
  /** Whether it goes to a newer revision. */
  readonly forward: boolean;
  readonly now: number;
};

const CHOICES = 50;

/** What changes if a service goes from one revision to another; `null` where service or names are not to be found. */
export async function compareRevisions(
  principal: Principal,
  address: ServiceAddress & { readonly from: string; readonly to: string },
  application: Application,
): Promise<Fact<ComparePage> | null> {
  const named = isRevisionName(address.from) && isRevisionName(address.to);
  const found = named ? await findService(principal, address, application) : null;
  if (!found?.ok) return found;
  const { target, service } = found.value;
  const { reads } = application;
  const arns = [address.from, address.to].map((name) => revisionArn(service.taskDefinitionArn, name));
  const [from, to, known, family] = await Promise.all([
    reads.revision(target, arns[0] ?? ''),
    reads.revision(target, arns[1] ?? ''),
    goodVersion({ target, service, waitMs: PATIENCE_MS }, application),
    reads.family.get(familyKey(target.name, familyOf(service.taskDefinitionArn)), PATIENCE_MS),
  ]);
  const { deployments } = known;
  const shown = arns.every((arn) => mayReadRevision(principal, { arn, target: target.name, service, deployments }));
  if (!shown) return null;
  const name = (revision: NamedRevision): Version =>
    versionOf({
      revision,
      digests: ranDigests({ arn: revision.arn, ran: null, deployments: known.deployments, past: known.past }),
      service,
      target,
      past: known.past,
    });
  const [unread, unreadArn = ''] = from.ok ? [to, arns[1]] : [from, arns[0]];
  const choices = family?.value ? listed(family.value).slice(0, CHOICES) : [];
  const choiceArns = choices.map(({ number }) =>
    revisionArn(service.taskDefinitionArn, `${familyOf(service.taskDefinitionArn)}:${number}`),
  );
  return ok({
    head: headOf(principal, target, { cluster: service.clusterName, service: service.name }),
    from: address.from,
    to: address.to,
    running: revisionName(service.taskDefinitionArn),
    choices: choiceArns.map((arn) => {
      const known = reads.knownSummary(arn);
      return { revision: revisionName(arn), name: known === null ? revisionName(arn) : name(known).name };
    }),
    comparison:
      from.ok && to.ok
        ? ok(comparisonOf(name(from.value), name(to.value), from.value, to.value))
        : (unread as Extract<typeof unread, { ok: false }>),
    unread: { number: revisionNumber(unreadArn), listed: isListed(family?.value ?? null, unreadArn) },
    refused: refusedController(service),
    forward: isForward(known.past, { from: arns[0] ?? '', to: arns[1] ?? '' }),
    now: application.now(),
  });
}

function comparisonOf(from: Version, to: Version, before: ShownRevision, after: ShownRevision) {
  const [now, willBe] = [normalise(before.shown), normalise(after.shown)];
  const changes = diff(now, willBe, { now: from.digests, willBe: to.digests });
  const nothing = `Nothing differs between ${from.number} and ${to.number}.`;
  const count = changes.length === 1 ? '1 thing differs.' : `${changes.length} things differ.`;
  return {
    from,
    to,
    changes,
    summary: changes.length === 0 ? nothing : count,
    same: changes.length === 0 ? '' : theSame(changes),
    duplicates: [...new Set([before, after].flatMap(({ shown }) => duplicateNames(shown).map(duplicateWords)))],
    sameImages: from.images
      .map(({ container }) => container)
      .filter(
        (container) =>
          to.images.some((image) => image.container === container) &&
          !changes.some(({ subject, name }) => subject === 'image' && name === container),
      ),
    jsonFrom: asJson(now),
    jsonTo: asJson(willBe),
  };
}
