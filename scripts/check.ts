// `npm run check -- --config ecs-rollback.yaml`: tries every permission the tool needs, target by target. Only reads.
import { parseArgs } from 'node:util';
import { createAws } from '@/lib/aws/clients';
import { probePermissions } from '@/lib/aws/permission-probe';
import { configurationPlace } from '@/lib/config/environment';
import { readConfiguration } from '@/lib/config/targets';
import { keysFrom } from '@/lib/digest';
import { report } from './check-report';

const USAGE = 'Usage: npm run check -- [--config ecs-rollback.yaml] [--target NAME]';

const options = {
  config: { type: 'string' },
  target: { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const;

/** Ends with 0 where everything works, 1 where something is missing, 2 where the question itself is wrong. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  if (values.help) return say(USAGE, 0);
  const place = configurationPlace();
  const configuration = readConfiguration({ ...place, configFile: values.config ?? place.configFile });
  if (!configuration.ok) return say(configuration.error.join('\n'), 2);
  const { targets, replicas } = configuration.value;
  const unknown = (values.target ?? []).filter((name) => !targets.some((target) => target.name === name));
  if (unknown.length > 0) return say(`There is no target ${unknown.join(', ')}.`, 2);
  const wanted = targets.filter(({ name }) => values.target?.includes(name) ?? true);
  const aws = createAws({
    targets,
    replicas,
    // Nothing of a definition is shown or kept, so any key will do.
    fingerprint: keysFrom('only for this one run').fingerprint,
    showValuesOf: new Set(),
    log: () => undefined,
  });
  try {
    // All are asked at once, and told in the order of the file.
    const reports = wanted.map(async (target) => report(target, await probePermissions(target, aws)));
    const told: boolean[] = [];
    for await (const { text, works } of reports) {
      say(text, 0);
      told.push(works);
    }
    return told.every(Boolean) ? 0 : 1;
  } finally {
    aws.close();
  }
}

function say(text: string, code: number): number {
  (code === 2 ? process.stderr : process.stdout).write(`${text}\n`);
  return code;
}

process.exitCode = await main().catch((error: unknown) =>
  say(`${error instanceof Error ? error.message : error}\n${USAGE}`, 2),
);
