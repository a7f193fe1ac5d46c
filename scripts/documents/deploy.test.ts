import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import service from '@/docs/deploy/service.json';
import taskDefinition from '@/docs/deploy/task-definition.json';
import { VARIABLES, type Variable } from '@/lib/config/variables';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const dockerfile = read('Dockerfile');
const [dashboard] = taskDefinition.containerDefinitions;
const told = [...(dashboard?.environment ?? []), ...(dashboard?.secrets ?? [])].map(({ name }) => name);
const inImage = [...dockerfile.matchAll(/^(?:ENV)? +(\w+)=/gm)].map(([, name]) => name);

describe('the image', () => {
  it('runs the Node the project names, not as root, and ends by the signal the process hears', () => {
    expect(dockerfile).toContain(`node:${read('.nvmrc').trim()}-`);
    expect(dockerfile).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*\\\n.*\/api\/health/m);
  });

  it('is built of nothing but sources', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const path of ['.git', 'node_modules', '.next', '.demo', '.test', '.env*', 'ecs-rollback.yaml']) {
      expect(ignored).toContain(path);
    }
  });
});

describe('the task definition', () => {
  it('tells the container every variable that must be set, and none that is not documented', () => {
    const required = Object.entries<Variable>(VARIABLES).flatMap(([name, { fallback }]) => (fallback ? [] : [name]));
    expect(required.filter((name) => !told.includes(name))).toEqual([]);
    const known = [...Object.keys(VARIABLES), 'NODE_ENV', 'NODE_OPTIONS', 'NEXT_TELEMETRY_DISABLED'];
    expect([...told, ...inImage].filter((name) => !known.includes(name ?? ''))).toEqual([]);
  });

  it('keeps secrets out of the definition itself', () => {
    const clear = (dashboard?.environment ?? []).map(({ name }) => name);
    expect(clear.filter((name) => /SECRET|DATABASE/.test(name))).toEqual([]);
  });

  it('runs as the user of the image, with a file system it cannot write to and time for presses under way', () => {
    expect(dashboard).toMatchObject({ readonlyRootFilesystem: true, stopTimeout: 90 });
    expect(dockerfile).toContain(`USER ${dashboard?.user}`);
  });

  it('names the container and port the service’s load balancer asks for', () => {
    expect(service.loadBalancers).toMatchObject([
      { containerName: dashboard?.name, containerPort: dashboard?.portMappings[0]?.containerPort },
    ]);
    expect(service.taskDefinition).toBe(taskDefinition.family);
  });
});
