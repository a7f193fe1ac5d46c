import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAws } from './clients';
import { json, SHORT, startWire, TARGET, type Wire } from './fixtures';

/** Task definitions people published, where they lie beside the checkout. */
const PUBLISHED = join(import.meta.dirname, '../../../shared/task-definitions');
const files = existsSync(PUBLISHED) ? readdirSync(PUBLISHED).filter((name) => name.endsWith('.json')) : [];

type Tree = Record<string, unknown>;

/** What a file says, as DescribeTaskDefinition would answer it; `null` where it holds no task definition. */
function answerOf(file: string): Tree | null {
  const written = JSON.parse(readFileSync(join(PUBLISHED, file), 'utf8')) as Tree;
  const { tags: _tags, registeredAt: _registeredAt, ...definition } = (written.taskDefinition ?? written) as Tree;
  if (!Array.isArray(definition.containerDefinitions)) return null;
  return {
    family: 'api',
    revision: 1,
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:1:task-definition/api:1',
    ...definition,
  };
}

/** Leaves out what counts as absent on the wire. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutNulls(member)]])),
  );
}

const OLD_ENVIRONMENT = { ...process.env };
let wire: Wire;

beforeAll(async () => {
  wire = await startWire();
  process.env.AWS_ENDPOINT_URL = wire.url;
  process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLEEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});

afterAll(async () => {
  process.env = { ...OLD_ENVIRONMENT };
  await wire.close();
});

async function described(definition: Tree) {
  const aws = createAws({
    targets: [TARGET],
    fingerprint: (value) => value,
    showValuesOf: new Set(),
    replicas: 1,
    log: () => undefined,
    timeouts: SHORT,
  });
  wire.on('DescribeTaskDefinition', json({ taskDefinition: definition }));
  const answer = await aws.reader(TARGET).describeRevision('api:1');
  aws.close();
  return answer;
}

describe('a published task definition', () => {
  beforeEach(({ skip }) =>
    skip(files.length === 0, 'there are no public task definitions in ../shared/task-definitions'),
  );

  it.each(files.length === 0 ? ['none'] : files)(
    'loses nothing unnoticed between the wire and the sealed original: %s',
    async (file) => {
      const definition = answerOf(file);
      if (definition === null) return;
      const answer = await described(definition);
      if (!answer.ok) {
        // Templates with words where numbers belong are no task definitions; they are refused, not guessed at.
        expect(answer.error.words).toBe('The answer, status 200, could not be read.');
        return;
      }
      const { unknownFields, original } = answer.value;
      if (unknownFields.length === 0) expect(original.open().definition).toEqual(withoutNulls(definition));
      else expect(original.open().definition).not.toEqual(withoutNulls(definition));
    },
  );
});
