import { DEMO_SPEED, setSpeed } from '@/simulator/clock';
import { emptyWorld, type World } from '@/simulator/world';
import { tellApi } from './notify-api';
import { tellCalmAccount } from './notify-calm';
import { tellHouseholdServices } from './notify-services';
import { tellWorkers } from './notify-workers';
import { openStage } from './stage';

/** Accounts of the three targets. */
const PRODUCTION = '111111111111';
const STAGING = '222222222222';
const PREVIEW = '333333333333';

/**
 * The night of the talk. In production `release-1123` reached `api` and its workers 17 minutes ago, ended well, and
 * serves errors; `release-1119` ran for six days before it. Around them stand services of which each shows one reason why
 * a rollback is refused, warned of or fails. Staging and preview run what comes next.
 *
 * The past is told by the engine itself at the pace of real ECS, so durations, events and digests are what it makes of
 * them; from now on its waits are shortened.
 *
 * @param wallMs - The moment the story is told, in milliseconds since 1970.
 */
export function notify(wallMs: number): World {
  const world = { ...emptyWorld('notify', 1), seed: `notify ${wallMs}` };
  const production = openStage(world, PRODUCTION, 'notify', wallMs);
  tellApi(production);
  tellWorkers(production);
  tellHouseholdServices(production);
  tellCalmAccount(openStage(world, STAGING, 'notify', wallMs), 'release-1124');
  tellCalmAccount(openStage(world, PREVIEW, 'notify', wallMs), 'release-1125');
  setSpeed(world, DEMO_SPEED, wallMs);
  return world;
}
