import { DEMO_SPEED, setSpeed } from '@/simulator/clock';
import { accountOf, emptyWorld, type World } from '@/simulator/world';
import { fargate, fargateService, image } from './definitions';
import { deploy, open, register } from './past';
import { days, hours, minutes, openStage, type Stage } from './stage';
import { addGround } from './surroundings';

const ACCOUNT = '463728190550';
const EXTERNAL_ID = 'd1f6c0e2-7c1b-4c0e-9f55-2a7d0c9b8e11';

/**
 * One account as an installation finds it: its own number, its own cluster, roles that ask for an external id, and two
 * services that deployed a bad release half an hour ago.
 *
 * @param wallMs - The moment it is told, in milliseconds since 1970.
 */
export function shop(wallMs: number): World {
  const world = { ...emptyWorld('shop', 1), seed: `shop ${wallMs}` };
  const stage = openStage(world, ACCOUNT, 'shop', wallMs);
  for (const role of accountOf(world, ACCOUNT).roles.values()) {
    if (role.name.startsWith('ecs-rollback-')) role.externalId = EXTERNAL_ID;
  }
  tellService(stage, 'api', 3);
  tellService(stage, 'worker', 1);
  setSpeed(world, DEMO_SPEED, wallMs);
  return world;
}

/** A service with three releases: the last one is bad and half an hour old. */
function tellService(stage: Stage, name: string, desiredCount: number): void {
  addGround(stage, name);
  const service = open(stage, fargateService(name, desiredCount), days(40));
  for (const [index, ago] of [days(20), days(6), minutes(30)].entries()) {
    const number = 10 + index;
    const definition = fargate(stage, { family: name, image: image(stage, name, `release-${28 + index}`) });
    register(stage, definition, { number, ago: ago + hours(1) });
    deploy(stage, service, { number, ago });
  }
}
