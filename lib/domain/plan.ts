import { lastPart, revisionName } from '@/lib/domain/arn';
import type { Change } from '@/lib/domain/change';
import { unreadableWords } from '@/lib/domain/checks/definition';
import type { Draft } from '@/lib/domain/checks/draft';
import { whyNot } from '@/lib/domain/checks/finding';
import { runChecks } from '@/lib/domain/checks/run-checks';
import { diff } from '@/lib/domain/diff';
import { differsBesidesImages } from '@/lib/domain/difference-words';
import { isForward } from '@/lib/domain/direction';
import type { Fact, RollbackFacts } from '@/lib/domain/facts';
import { type History, historyFrom, runningDigests, usualDurationMs } from '@/lib/domain/history';
import { imagesToBring } from '@/lib/domain/image';
import { normalise } from '@/lib/domain/normalise';
import { pinsOf, pinsOfStop } from '@/lib/domain/pins';
import { cardsFor } from '@/lib/domain/plan-cards';
import { decisionOf } from '@/lib/domain/plan-decision';
import type { BringCard, Plan, Planned, RanWords } from '@/lib/domain/plan-shape';
import { notesOf, ranWords, stepsOf } from '@/lib/domain/plan-words';
import { toldApart, versionRan } from '@/lib/domain/ran-versions';
import type { Digests, ServiceDeployment } from '@/lib/domain/service';
import type { Revision, ShownDefinition } from '@/lib/domain/task-definition';
import { asksForUnknownImages, undoneBy, wantedDigests } from '@/lib/domain/undo';
import type { Version } from '@/lib/domain/version';
import { versionOf } from '@/lib/domain/version-name';

/**
 * The plan for what is wished, or what is missing before there can be one. The plan page draws it and the press draws it
 * again from facts read anew; both must come to the same decision.
 */
export function planFrom(asked: RollbackFacts): Planned {
  const facts = { ...asked, wish: { ...asked.wish, undo: undoneBy(asked)?.id ?? null } };
  const { wish, running, wanted } = facts;
  if (wish.stop !== null) return planStop(facts);
  if (wish.to === null) return { kind: 'choose-version' };
  if (!running.ok)
    return { kind: 'unreadable', words: unreadableWords(facts.service.taskDefinitionArn, running.error) };
  if (!wanted.ok) return { kind: 'unreadable', words: unreadableWords(wish.to, wanted.error) };

  if (asksForUnknownImages(facts, wanted.value.arn)) return { kind: 'unreadable', words: unknownImages(facts) };

  const sides = sidesOf(facts, running.value, wanted.value);
  const differing = diff(normalise(running.value.shown), normalise(wanted.value.shown), {
    now: sides.from.digests,
    willBe: sides.to.digests,
  });
  // An undo brings back everything in the version left, so there is nothing to choose.
  const choice = wish.undo === null && differsBesidesImages(differing);
  const cards = choice ? cardsFor(sides, differing) : null;
  if (cards !== null && wish.bring === null) {
    return chooseBring(sides, cards, differing);
  }
  const bring =
    cards === null
      ? wish.undo === null && sides.sameContainers
        ? (wish.bring ?? 'images')
        : 'everything'
      : (wish.bring ?? 'everything');
  const unusable = cards?.find((card) => card.bring === bring)?.unusable;
  if (unusable && cards !== null) {
    return chooseBring(sides, cards, differing);
  }
  return { kind: 'plan', plan: planCopy(facts, sides, { bring, cards }) };
}

/** The address names a time at which the revision ran; which images that means stands in its deployments alone. */
const unknownImages = ({ wish, deployments }: RollbackFacts): string =>
  deployments.ok
    ? `ECS has no deployment of ${wish.to} with the images this address asks for.`
    : `Which images of ${wish.to} this address asks for cannot be told: ECS deployments cannot be read (${whyNot(deployments.error)}).`;

const chooseBring = (
  { from, to, ran, forward }: Sides,
  cards: readonly BringCard[],
  changes: readonly Change[],
): Planned => ({ kind: 'choose-bring', from, to, ran, forward, cards, changes });

/** The two versions of a copy, with what they are made of. */
export type Sides = {
  readonly running: Revision;
  readonly wanted: Revision;
  readonly from: Version;
  readonly to: Version;
  readonly ran: RanWords;
  readonly forward: boolean;
  /** Whether both have the same containers by name. */
  readonly sameContainers: boolean;
  readonly history: Fact<History>;
};

function sidesOf(facts: RollbackFacts, running: Revision, wanted: Revision): Sides {
  const { service, target, past, stops, deployments } = facts;
  const history = historyFrom({
    deployments,
    past,
    stops,
    running: service.taskDefinitionArn,
    at: facts.readAt,
  });
  const name = (revision: Revision, digests: Digests): Version =>
    toldApart(versionOf({ revision, digests, service, target, past }), versionRan(history, revision.arn, digests));
  const brought = imagesToBring(running.shown, wanted.shown);
  const to = name(wanted, wantedDigests(facts, wanted.arn));
  return {
    running,
    wanted,
    from: name(running, runningDigests(service.taskDefinitionArn, deployments, past)),
    to,
    ran: ranWords(facts, history, to.digests),
    forward: isForward(past, { from: running.arn, to: wanted.arn }),
    sameContainers: brought.keptAsToday.length === 0 && brought.notBroughtBack.length === 0,
    history,
  };
}

type Choice = Pick<Plan, 'bring' | 'cards'>;

function planCopy(facts: RollbackFacts, sides: Sides, { bring, cards }: Choice): Plan {
  const { running, wanted, from, to, history } = sides;
  const source = bring === 'images' ? running : wanted;
  const brought = imagesToBring(running.shown, wanted.shown);
  const written = new Map(
    (source.shown.containerDefinitions ?? []).map(({ name = '', image = '' }) => [
      name,
      brought.images.get(name) ?? image,
    ]),
  );
  const digests = new Map(
    [...written.keys()].flatMap((name) => digestFor(name, bring === 'images' && !brought.images.has(name) ? from : to)),
  );
  const pins = pinsOf({ images: written, digests, registry: facts.images });
  const images = new Map(pins.map(({ container, image }) => [container, image]));
  const shown = withImages(source.shown, images);
  const changes = diff(normalise(running.shown), normalise(shown), { now: from.digests, willBe: digests });
  const draft: Draft = { kind: 'copy', from, to, source, shown, pins, changes, history, stopped: null };
  const findings = runChecks(facts, draft);
  const copiedFrom =
    bring === 'images' && source.arn !== wanted.arn
      ? `${revisionName(source.arn)} images:${wanted.number}`
      : revisionName(wanted.arn);
  const parts = {
    kind: 'copy' as const,
    target: facts.target,
    service: facts.service,
    readAt: facts.readAt,
    from,
    to,
    ran: sides.ran,
    forward: sides.forward,
    undo: facts.wish.undo,
    bring,
    cards,
    source,
    images,
    copiedFrom,
    stopArn: null,
    changes,
    usualMs: usualDurationMs(facts.deployments),
    findings,
    facts,
    draft,
  };
  return { ...parts, steps: stepsOf(parts), notes: notesOf(parts), decision: decisionOf(parts) };
}

const digestFor = (container: string, { digests }: Version): readonly (readonly [string, string])[] => {
  const digest = digests.get(container);
  return digest === undefined ? [] : [[container, digest]];
};

/** The definition with its images as they would be registered. */
function withImages(shown: ShownDefinition, images: ReadonlyMap<string, string>): ShownDefinition {
  return {
    ...shown,
    containerDefinitions: (shown.containerDefinitions ?? []).map((container) => ({
      ...container,
      image: images.get(container.name ?? '') ?? container.image,
    })),
  };
}

/** A stop returns to the latest successful deployment, certain only where the stopped one started from exactly that. */
function planStop(facts: RollbackFacts): Planned {
  const { wish, running, wanted, deployments } = facts;
  if (!deployments.ok) return { kind: 'unreadable', words: `Deployments cannot be read: ${deployments.error.words}` };
  const stopped = deployments.value.find(({ arn }) => lastPart(arn) === wish.stop) ?? null;
  const back = stopped === null ? null : returnOf(stopped, deployments.value);
  if (stopped === null || back === null)
    return { kind: 'unreadable', words: 'We cannot tell what ECS would return to.' };
  if (!running.ok)
    return { kind: 'unreadable', words: unreadableWords(facts.service.taskDefinitionArn, running.error) };
  if (!wanted.ok) return { kind: 'unreadable', words: unreadableWords(back.taskDefinitionArn ?? '', wanted.error) };
  if (wanted.value.arn !== back.taskDefinitionArn)
    return { kind: 'unreadable', words: 'We cannot tell what ECS would return to.' };
  const { service, target, past } = facts;
  const sides = sidesOf(facts, running.value, wanted.value);
  const to = toldApart(
    versionOf({ revision: wanted.value, digests: back.digests, service, target, past }),
    versionRan(sides.history, wanted.value.arn, back.digests),
  );
  const written = new Map(
    (wanted.value.shown.containerDefinitions ?? []).map(({ name = '', image = '' }) => [name, image]),
  );
  const pins = pinsOfStop({ images: written, digests: back.digests, registry: facts.images });
  const draft: Draft = {
    kind: 'stop',
    from: sides.from,
    to,
    source: null,
    shown: wanted.value.shown,
    pins,
    changes: [],
    history: sides.history,
    stopped,
  };
  const parts = {
    kind: 'stop' as const,
    target: facts.target,
    service: facts.service,
    readAt: facts.readAt,
    from: sides.from,
    to,
    ran: sides.ran,
    forward: false,
    undo: null,
    bring: 'everything' as const,
    cards: null,
    source: null,
    images: new Map<string, string>(),
    copiedFrom: to.revision,
    stopArn: stopped.arn,
    changes: diff(normalise(running.value.shown), normalise(wanted.value.shown), {
      now: sides.from.digests,
      willBe: back.digests,
    }),
    usualMs: null,
    findings: runChecks(facts, draft),
    facts,
    draft,
  };
  return {
    kind: 'plan',
    plan: { ...parts, steps: stepsOf(parts), notes: notesOf(parts), decision: decisionOf(parts) },
  };
}

/**
 * The deployment ECS would return to when one is stopped; `null` where that is not certain.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html}
 */
export function returnOf(
  stopped: ServiceDeployment,
  deployments: readonly ServiceDeployment[],
): ServiceDeployment | null {
  const good = deployments.find(({ status, arn }) => status === 'SUCCESSFUL' && arn !== stopped.arn) ?? null;
  const certain =
    stopped.sourceServiceRevisionArns.length === 1 && stopped.sourceServiceRevisionArns[0] === good?.serviceRevisionArn;
  return certain ? good : null;
}
