import { fargate, fargateService, image } from './definitions';
import { apiEnvironment, apiSecrets } from './notify-settings';
import { deploy, open, register } from './past';
import { days, hours, minutes, type Stage } from './stage';
import { addGround } from './surroundings';

/** A worker runs the API's image with a queue of its own. */
export type Worker = {
  readonly name: string;
  readonly queue: string;
  readonly tasks: number;
  /** Revision that runs `release-1123`, and the one that ran `release-1119`. */
  readonly running: number;
  readonly before: number;
};

export const WORKERS: readonly Worker[] = [
  { name: 'delivery-worker-sms', queue: 'send-sms-tasks', tasks: 4, running: 310, before: 306 },
  { name: 'delivery-worker-letters', queue: 'create-letters-pdf-tasks', tasks: 2, running: 97, before: 94 },
  { name: 'delivery-worker-jobs', queue: 'job-tasks', tasks: 3, running: 205, before: 201 },
  { name: 'delivery-worker-research', queue: 'research-mode-tasks', tasks: 2, running: 88, before: 85 },
  { name: 'delivery-worker-receipts', queue: 'ses-callbacks', tasks: 4, running: 142, before: 138 },
  { name: 'delivery-worker-reporting', queue: 'reporting-tasks', tasks: 2, running: 176, before: 172 },
  { name: 'delivery-worker-retries', queue: 'retry-tasks', tasks: 2, running: 64, before: 60 },
  { name: 'delivery-worker-callbacks', queue: 'service-callbacks', tasks: 3, running: 119, before: 115 },
];

/** Releases built after `release-1119` that the pipeline never brought to the workers. */
const SKIPPED = ['release-1120', 'release-1121', 'release-1122'];

/** Workers got the bad release with `api`; only their image differs. */
export function tellWorkers(stage: Stage): void {
  for (const worker of WORKERS) tellWorker(stage, worker);
}

function tellWorker(stage: Stage, worker: Worker): void {
  const { name, running, before } = worker;
  addGround(stage, name);
  const service = open(stage, fargateService(name, worker.tasks), days(400));
  const release = (number: number, tag: string, ago: number): void => {
    register(stage, workerDefinition(stage, worker, tag), { number, ago });
  };
  const ship = (number: number, tag: string, ago: number): void => {
    release(number, tag, ago + minutes(10));
    deploy(stage, service, { number, ago });
  };
  ship(before - 4, 'release-1113', days(27));
  ship(before - 3, 'release-1115', days(16));
  ship(before - 1, 'release-1117', days(7) + hours(3.4));
  ship(before, 'release-1119', days(6) + hours(3.4));
  const skipped = SKIPPED.slice(SKIPPED.length - (running - before - 1));
  for (const [index, tag] of skipped.entries()) release(before + 1 + index, tag, days(4 - index) - hours(1));
  ship(running, 'release-1123', minutes(19.3));
}

function workerDefinition(
  stage: Stage,
  { name, queue }: Pick<Worker, 'name' | 'queue'>,
  tag: string,
): ReturnType<typeof fargate> {
  return fargate(stage, {
    family: name,
    image: image(stage, 'notifications-api', tag),
    cpu: 512,
    memory: 1024,
    command: ['celery', '-A', 'run_celery.notify_celery', 'worker', '--pool=prefork', '-Q', queue],
    environment: { ...apiEnvironment(stage), CELERY_QUEUE: queue },
    secrets: apiSecrets(stage, 'v7'),
  });
}
