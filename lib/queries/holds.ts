import 'server-only';
import type { Application } from '@/lib/application';
import { aboutRepository, aboutService, lastAsked } from '@/lib/db/hold-questions';
import { openHolds } from '@/lib/db/holds';
import {
  type Asked,
  askedSentence,
  type HeldPlace,
  type Hold,
  holdSentence,
  holds,
  holdsByDefault,
  repositoryOf,
} from '@/lib/domain/hold';
import { mayOnWholeTarget, type Principal } from '@/lib/domain/permissions';
import type { Service } from '@/lib/domain/service';
import type { Target } from '@/lib/domain/target';
import { formatTime } from '@/lib/domain/time-words';
import { mainImageOf } from './service-names';

/** A hold on a service, as its page shows it. */
export type HoldView = {
  readonly id: string;
  readonly sentence: string;
  /** Whether this person may release it or make it longer. */
  readonly mayAct: boolean;
};

/** What holds a service's deployments, and who would heed a hold. */
export type HoldsView = {
  readonly open: readonly HoldView[];
  readonly asked: string;
  /** Repository of what the service runs, where this person may hold every service that runs it. */
  readonly repository: string | null;
};

type World = Pick<Application, 'database' | 'reads' | 'now'>;

/** The repository a service runs images of; `null` where its definition was not read yet. */
export function repositoryOn(target: Target, service: Service, { reads }: Pick<World, 'reads'>): string | null {
  const image = mainImageOf(target, service, reads.knownSummary(service.taskDefinitionArn));
  return image === null ? null : repositoryOf(image);
}

const placeOf = (target: Target, service: Service, world: World): HeldPlace => ({
  target: target.name,
  cluster: service.clusterName,
  service: service.name,
  repository: repositoryOn(target, service, world),
});

/** Whether somebody who may roll a service back may also end a hold on it. One of a repository is the whole target's. */
export const mayChangeHold = (principal: Principal, { target, scope }: Hold, mayRollBack: boolean): boolean =>
  scope.kind === 'service' ? mayRollBack : mayOnWholeTarget(principal, 'roll-back', target);

/** What holds a service's deployments. */
export async function holdsOn(
  principal: Principal,
  {
    target,
    service,
    mayRollBack,
  }: { readonly target: Target; readonly service: Service; readonly mayRollBack: boolean },
  world: World,
): Promise<HoldsView> {
  const place = placeOf(target, service, world);
  const [open, asked] = await Promise.all([openHolds(world.database, target.name), askedAbout(place, world)]);
  const whole = mayOnWholeTarget(principal, 'roll-back', target.name);
  return {
    open: open.filter((hold) => holds(hold, place)).map((hold) => viewOf(hold, principal, mayRollBack, world)),
    asked: askedSentence(service.name, asked, world.now()),
    repository: whole ? place.repository : null,
  };
}

const viewOf = (hold: Hold, principal: Principal, mayRollBack: boolean, { now }: Pick<World, 'now'>): HoldView => ({
  id: hold.id,
  sentence: holdSentence(hold, now()),
  mayAct: mayChangeHold(principal, hold, mayRollBack),
});

/** Every service of a target that runs images of a repository; those that ran it are asked about as well. */
export type HeldImages = {
  readonly target: Target;
  readonly repository: string;
  readonly services: readonly Pick<HeldPlace, 'cluster' | 'service'>[];
};

/** What holds deployments of a repository as a whole. Holds of one service alone stand on that service's page. */
export async function holdsOnImages(principal: Principal, images: HeldImages, world: World): Promise<HoldsView> {
  const { target, repository } = images;
  const [open, asked] = await Promise.all([openHolds(world.database, target.name), askedAboutImages(images, world)]);
  return {
    open: open.filter((hold) => holdsImages(hold, repository)).map((hold) => viewOf(hold, principal, false, world)),
    asked: askedSentence(repository, asked, world.now()),
    repository: mayOnWholeTarget(principal, 'roll-back', target.name) ? repository : null,
  };
}

/** Who asked last about a service, or about images it runs. */
const askedAbout = ({ target, cluster, service, repository }: HeldPlace, { database }: World): Promise<Asked | null> =>
  lastAsked(database, target, [
    aboutService(cluster, service),
    ...(repository === null ? [] : [aboutRepository(repository)]),
  ]);

/** Who asked last about a repository, or about a service that runs images of it or did. */
function askedAboutImages({ target, repository, services }: HeldImages, { database, reads }: AskedWorld) {
  const swept = reads.services.peek(target.name)?.value?.services ?? [];
  const running = swept.filter((service) => repositoryOn(target, service, { reads }) === repository);
  return lastAsked(database, target.name, [
    aboutRepository(repository),
    ...running.map(({ clusterName, name }) => aboutService(clusterName, name)),
    ...services.map(({ cluster, service }) => aboutService(cluster, service)),
  ]);
}

type AskedWorld = Pick<World, 'database' | 'reads'>;

/** The box on a plan that also holds deployments; `asked` says what holds them already, and who would heed it. */
export type HoldChoice = { readonly preselected: boolean; readonly asked: string };

type ChoiceWorld = Pick<Application, 'database' | 'reads' | 'now' | 'log'>;

/** Whether deployments of a service are to be held with a rollback, as the plan suggests it; `null` where nobody knows. */
export function holdChoice(target: Target, service: Service, world: ChoiceWorld): Promise<HoldChoice | null> {
  const place = placeOf(target, service, world);
  const about = { name: service.name, holds: (hold: Hold) => holds(hold, place) };
  return choiceOf(target, about, world, () => askedAbout(place, world));
}

/** The same for a rollback of several; `null` too for somebody who may not hold every service that runs these images. */
export async function groupHoldChoice(
  principal: Principal,
  images: HeldImages,
  world: ChoiceWorld,
): Promise<HoldChoice | null> {
  const { target, repository } = images;
  if (!mayOnWholeTarget(principal, 'roll-back', target.name)) return null;
  const about = { name: repository, holds: (hold: Hold) => holdsImages(hold, repository) };
  return choiceOf(target, about, world, () => askedAboutImages(images, world));
}

const holdsImages = ({ scope }: Hold, repository: string): boolean =>
  scope.kind === 'repository' && scope.repository === repository;

/** What a hold is to be about, and which holds are about it already. */
type About = { readonly name: string; readonly holds: (hold: Hold) => boolean };

async function choiceOf(
  target: Target,
  about: About,
  { database, now, log }: ChoiceWorld,
  read: () => Promise<Asked | null>,
): Promise<HoldChoice | null> {
  try {
    const [asked, open] = await Promise.all([read(), openHolds(database, target.name)]);
    const already = open.find(about.holds);
    return {
      preselected: already === undefined && holdsByDefault(target.protected, asked, now()),
      asked: [...(already ? [holdSentence(already, now())] : []), askedSentence(about.name, asked, now())].join(' '),
    };
  } catch (error) {
    log('database.failed', { doing: 'read who asked for holds', error });
    return null;
  }
}

/** Until when each service is held, as overviews say it; asked for once for all rows. */
export async function heldUntil(world: World): Promise<(target: Target, service: Service) => string | null> {
  const open = await openHolds(world.database, null);
  return (target, service) => {
    if (open.length === 0) return null;
    const place = placeOf(target, service, world);
    const until = open.filter((hold) => holds(hold, place)).map((hold) => hold.until);
    return until.length === 0 ? null : `Deployments on hold until ${formatTime(Math.max(...until), world.now())}`;
  };
}
