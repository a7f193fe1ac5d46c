import { fargate, fargateService, image, nginx } from './definitions';
import { apiEnvironment, apiSecrets } from './notify-settings';
import { WORKERS } from './notify-workers';
import { deploy, open, register } from './past';
import { days, hours, minutes, type Stage } from './stage';
import { addGround, addTargetGroup } from './surroundings';

/** Services that do not run the API's image, with the tags they run in staging and preview: then and now. */
const OTHERS: readonly (readonly [string, string, string])[] = [
  ['admin', 'release-2041', 'release-2042'],
  ['document-download-api', 'release-317', 'release-318'],
  ['document-download-frontend', 'release-400', 'release-401'],
  ['template-preview', 'release-611', 'release-612'],
  ['antivirus', 'release-212', 'release-213'],
  ['letters-frontend', 'release-149', 'release-150'],
  ['status-page', 'release-74', 'release-75'],
  ['housekeeping', 'release-30', 'release-31'],
  ['upload-scanner', 'release-88', 'release-89'],
  ['canary', 'release-56', 'release-57'],
  ['flaky-worker', 'release-61', 'release-62'],
];

/** Staging and preview, where nothing is wrong: the next releases run, and anything can go back by one. */
export function tellCalmAccount(stage: Stage, release: string): void {
  const number = Number(release.replace('release-', ''));
  const before = `release-${number - 1}`;
  const api = (name: string, tag: string): Calm => ({ name, repository: 'notifications-api', tag });
  tellService(stage, api('api', before), api('api', release), number - 600);
  for (const { name, running } of WORKERS) {
    tellService(stage, api(name, before), api(name, release), number - 1000 + running);
  }
  for (const [index, [name, then, now]] of OTHERS.entries()) {
    const own = (tag: string): Calm => ({ name, repository: name, tag });
    tellService(stage, own(then), own(now), number - 1080 + index * 7);
  }
}

type Calm = { readonly name: string; readonly repository: string; readonly tag: string };

function tellService(stage: Stage, then: Calm, now: Calm, number: number): void {
  const isApi = now.name === 'api';
  addGround(stage, now.name);
  const group = isApi ? addTargetGroup(stage, 'notify-api', 6011) : null;
  const service = open(
    stage,
    {
      ...fargateService(now.name, isApi ? 2 : 1),
      ...(group !== null && {
        loadBalancers: [{ targetGroupArn: group, containerName: 'app', containerPort: 6011 }],
      }),
    },
    days(380),
  );
  const ship = (calm: Calm, revision: number, ago: number): void => {
    register(stage, calmDefinition(stage, calm), { number: revision, ago: ago + minutes(8) });
    deploy(stage, service, { number: revision, ago });
  };
  ship(then, number - 1, days(3));
  ship(now, number, hours(5));
}

function calmDefinition(stage: Stage, { name, repository, tag }: Calm): ReturnType<typeof fargate> {
  const runsApi = repository === 'notifications-api';
  return fargate(stage, {
    family: name,
    image: image(stage, repository, tag),
    ...(name === 'api' && { port: 6011, sidecars: [nginx(stage, name, '1.29')] }),
    environment: runsApi ? apiEnvironment(stage) : { LOG_LEVEL: 'INFO' },
    ...(runsApi && { secrets: apiSecrets(stage, 'v7') }),
  });
}
