import { DEMO_SPEED, setSpeed } from '@/simulator/clock';
import { emptyWorld, type World } from '@/simulator/world';
import { fargate, fargateService, image } from './definitions';
import { deploy, deregister, open, register } from './past';
import { days, hours, openStage, type Stage } from './stage';
import { addGround } from './surroundings';

const PRODUCTION = '111111111111';
const OTHERS = ['222222222222', '333333333333'];
const CLUSTERS = 20;
const SERVICES = 25;
/** Revisions of the longest family, that of the first service. */
const REVISIONS = 10_000;

/**
 * An estate at the size people ask about: 20 clusters of 25 services in production, of which about one in ten changed
 * within a day, one family with 10,000 revisions.
 * Staging and preview hold one small cluster each.
 *
 * @param wallMs - The moment it is told, in milliseconds since 1970.
 */
export function large(wallMs: number): World {
  const world = { ...emptyWorld('large', 1), seed: `large ${wallMs}` };
  for (let cluster = 1; cluster <= CLUSTERS; cluster++) {
    const stage = openStage(world, PRODUCTION, `estate-${numbered(cluster)}`, wallMs);
    for (let index = 1; index <= SERVICES; index++) {
      const isFirst = cluster === 1 && index === 1;
      const name = `service-${numbered(cluster)}-${numbered(index)}`;
      tellService(stage, name, { revisions: isFirst ? REVISIONS : 5, hoursAgo: hoursAgo(cluster, index) });
    }
  }
  for (const account of OTHERS) {
    tellService(openStage(world, account, 'estate-01', wallMs), 'service-01-01', { revisions: 5, hoursAgo: 12 });
  }
  setSpeed(world, DEMO_SPEED, wallMs);
  return world;
}

const numbered = (count: number): string => String(count).padStart(2, '0');

/** When a service was deployed last: spread over ten days, so that about one in ten changed within one. */
const hoursAgo = (cluster: number, index: number): number => 2 + (((cluster * SERVICES + index) * 7) % 240);

type Past = { readonly revisions: number; readonly hoursAgo: number };

/** A service whose last three revisions ran, one after the other. */
function tellService(stage: Stage, name: string, past: Past): void {
  const { revisions } = past;
  addGround(stage, name);
  const service = open(stage, fargateService(name, 2), days(380));
  for (let number = 1; number <= revisions; number++) {
    const left = revisions - number;
    const ago = days(left * 2) + hours(past.hoursAgo + 1 + (left % 3));
    const definition = fargate(stage, { family: name, image: image(stage, name, `build-${number}`) });
    const revision = register(stage, definition, { number, ago, pushed: left < 20 });
    if (left < 3) deploy(stage, service, { number, ago: ago - hours(1) });
    else deregister(revision, stage.now - ago + days(1));
  }
}
