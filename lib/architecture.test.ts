import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Who may import whom, folder by folder; `import type` is free. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'lib/domain': ['lib/result'],
  'lib/config': ['lib/domain', 'lib/result'],
  'lib/aws': ['lib/config', 'lib/domain', 'lib/result', 'lib/log'],
  'lib/db': ['lib/config', 'lib/domain', 'lib/result', 'lib/log', 'lib/digest'],
  'lib/auth': ['lib/config', 'lib/db', 'lib/domain', 'lib/result', 'lib/log', 'lib/digest', 'lib/routes', 'lib/within'],
  'lib/queries': ['lib/aws', 'lib/db', 'lib/domain', 'lib/result', 'lib/log', 'lib/routes', 'lib/within'],
  'lib/rollback': [
    'lib/aws',
    'lib/db',
    'lib/domain',
    'lib/result',
    'lib/log',
    'lib/digest',
    'lib/routes',
    'lib/within',
  ],
  components: ['lib/domain', 'lib/routes'],
  app: [
    'components',
    'lib/answers',
    'lib/application',
    'lib/auth',
    'lib/queries',
    'lib/rollback',
    'lib/domain',
    'lib/result',
    'lib/routes',
  ],
  simulator: [],
};

/** One owner runs each package. Names ending in a slash are prefixes. */
const OWNED: Readonly<Record<string, readonly string[]>> = {
  '@aws-sdk/': ['lib/aws'],
  '@smithy/': ['lib/aws'],
  pg: ['lib/db'],
  'next-auth': ['lib/auth', 'app'],
  yaml: ['lib/config'],
  pino: ['lib/log'],
};

/** Files that answer without asking who is there: the public list of the access rules. */
const PUBLIC = [
  'app/layout.tsx',
  'app/error.tsx',
  'app/global-error.tsx',
  'app/not-found.tsx',
  'app/sign-in/page.tsx',
  'app/sign-in/actions.ts',
  'app/api/auth/[...nextauth]/route.ts',
  'app/api/health/route.ts',
  'app/api/ready/route.ts',
];

const isTest = (file: string): boolean => /\.(test|spec)\.tsx?$/.test(file);

function sources(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

const ALL = ['lib', 'components', 'app', 'simulator'].flatMap(sources);

/** Modules a source imports as values; type-only imports are left out. */
function valueImports(text: string): string[] {
  const statements = text.matchAll(/^\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm);
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [...statements, ...dynamic].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** The layer a path belongs to: `lib/aws`, `lib/digest`, `app`, … */
function layerOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'lib' ? `lib/${second.replace(/\.tsx?$/, '')}` : first;
}

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const productFiles = ALL.filter((file) => !isTest(file));

describe('the house', () => {
  it('has no import across folders that its table does not allow', () => {
    const offences = productFiles.flatMap((file) => {
      const allowed = MAY_IMPORT[layerOf(file)];
      if (allowed === undefined) return [];
      return valueImports(read(file))
        .filter((name) => name.startsWith('@/'))
        .map((name) => layerOf(name.slice(2)))
        .filter((layer) => layer !== layerOf(file) && !allowed.includes(layer))
        .map((layer) => `${file} imports ${layer}`);
    });
    expect(offences).toEqual([]);
  });

  it('reaches other folders by their full path, never upwards', () => {
    const offences = ALL.filter((file) => valueImports(read(file)).some((name) => name.startsWith('..')));
    expect(offences).toEqual([]);
  });

  it('runs each package in one place', () => {
    const offences = productFiles
      .filter((file) => !file.startsWith('simulator/'))
      .flatMap((file) =>
        valueImports(read(file)).flatMap((name) =>
          Object.entries(OWNED)
            .filter(([owned]) =>
              owned.endsWith('/') ? name.startsWith(owned) : name === owned || name.startsWith(`${owned}/`),
            )
            .filter(([, owners]) => !owners.includes(layerOf(file)))
            .map(([owned]) => `${file} runs ${owned}`),
        ),
      );
    expect(offences).toEqual([]);
  });

  it('lets no file of ours be reached by the simulator, nor the simulator by one of ours', () => {
    const ours = productFiles.filter((file) => !file.startsWith('simulator/'));
    expect(ours.filter((file) => valueImports(read(file)).some((name) => name.startsWith('@/simulator')))).toEqual([]);
  });

  it('keeps server code out of browser bundles', () => {
    const guarded = productFiles.filter((file) => /^lib\/(aws|db|auth|queries|rollback)\//.test(file));
    const offences = guarded.filter((file) => {
      const text = read(file);
      // A file that imports nothing as a value holds shapes or pure functions only.
      return (
        valueImports(text).some(
          (name) =>
            name !== 'server-only' &&
            name !== 'lru-cache' &&
            !/^@\/lib\/(domain|result|routes)/.test(name) &&
            !name.startsWith('./'),
        ) && !text.includes("import 'server-only'")
      );
    });
    expect(offences).toEqual([]);
  });

  it('reads the environment in one file', () => {
    const offences = productFiles.filter(
      (file) =>
        !file.startsWith('simulator/') && file !== 'lib/config/environment.ts' && /process\.env\b/.test(read(file)),
    );
    expect(offences.filter((file) => file !== 'instrumentation.ts')).toEqual([]);
  });

  it('has no page, route or action that does not ask who is there', () => {
    const doors = ALL.filter((file) => /^app\/(.*\/)?(page\.tsx|route\.ts|actions\.ts)$/.test(file));
    expect(doors.length).toBeGreaterThan(0);
    const silent = doors.filter(
      (file) => !PUBLIC.includes(file) && !/\b(requirePrincipal|route|tokenRoute|action)\(/.test(read(file)),
    );
    expect(silent).toEqual([]);
  });

  it('has no page that shows anything to people without a role', () => {
    const pages = ALL.filter((file) => /^app\/(.*\/)?page\.tsx$/.test(file) && !PUBLIC.includes(file));
    const open = pages.filter((file) => !/isOutsider\(|redirect\(routes\.services/.test(read(file)));
    expect(open).toEqual([]);
  });

  it('answers what is not there with a page of its own: what the framework makes of it needs script', () => {
    expect(ALL.filter((file) => file.startsWith('app/') && /\bnotFound\b/.test(read(file)))).toEqual([]);
  });

  it('opens sealed definitions only where the copy is built and its answer compared', () => {
    const callers = productFiles.filter(
      (file) => !file.startsWith('simulator/') && /\.original\.open\(|\.open\(\)/.test(read(file)),
    );
    expect(callers.filter((file) => !/^lib\/(rollback|domain\/sealed)/.test(file))).toEqual([]);
  });

  it('never asks whether it is under test, and knows no simulator', () => {
    const offences = productFiles
      .filter((file) => !file.startsWith('simulator/'))
      .filter((file) => /NODE_ENV|VITEST|_simulator/.test(read(file)));
    expect(offences).toEqual([]);
  });

  it('keeps no connection open for viewers, whose progress asks nothing of AWS', () => {
    const open = productFiles.filter(
      (file) => /^(app|components|lib)\//.test(file) && /\b(EventSource|WebSocket)\b/.test(read(file)),
    );
    expect(open).toEqual([]);
    const progress = read('lib/queries/get-rollback.ts').match(/export async function getProgress[\s\S]*?\n}/)?.[0];
    expect(progress).toBeDefined();
    expect(progress).not.toMatch(/\b(reads|aws|reader)\b/);
  });

  it('has no drawer for odds and ends', () => {
    expect(ALL.filter((file) => /(^|\/)(utils|helpers|common|types|misc|index)(\.tsx?|\/)/.test(file))).toEqual([]);
  });

  it('places every folder of lib in the table', () => {
    const folders = new Set(
      productFiles.filter((file) => file.startsWith('lib/') && dirname(file) !== 'lib').map(layerOf),
    );
    expect([...folders].filter((folder) => MAY_IMPORT[folder] === undefined)).toEqual([]);
  });
});
