import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VARIABLES } from '@/lib/config/variables';
import { CHECK_NAMES } from '@/lib/domain/checks/run-checks';
import { FINDINGS } from '@/lib/domain/in-force';
import { NEXT, REASONS } from '@/lib/domain/rollback';
import { DOCUMENTS, ROOT, read } from './documents';

/** Words in code of the first cells of a document's tables. */
const firstCells = (document: string): readonly string[] =>
  [...read(document).matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word),
  );

const sorted = (words: Iterable<string>): readonly string[] => [...new Set(words)].sort();

/** Members of a union of texts, as its source has them. */
function union(file: string, name: string): readonly string[] {
  const [, body = ''] = new RegExp(`export type ${name} =([^;]+);`).exec(read(file)) ?? [];
  return [...body.matchAll(/'([^']+)'/g)].map(([, word = '']) => word);
}

describe('docs/on-call.md', () => {
  const known = firstCells('docs/on-call.md');

  it('says what every check asks, and what to do about it', () => {
    expect(CHECK_NAMES.filter((name) => !known.includes(name))).toEqual([]);
    const rows = [...read('docs/on-call.md').matchAll(/^\| `([\w-]+)` \| [^|]*\?/gm)].map(([, name = '']) => name);
    expect(sorted(rows)).toEqual(sorted(CHECK_NAMES));
  });

  it('says what every state and every reason of an end means', () => {
    const ends = Object.entries(REASONS).flatMap(([state, reasons]) => [
      `\`${state}\``,
      ...reasons.map((reason) => `\`${state}\`, \`${reason}\``),
    ]);
    const text = read('docs/on-call.md');
    const missing = ends.filter((words) => !text.includes(`| ${words} |`));
    // Ends that always have a reason have no row without one.
    expect(missing).toEqual(['`failed`', '`superseded`', '`not-applied`']);
    for (const word of [...Object.keys(NEXT), ...FINDINGS]) expect(text).toContain(`(\`${word}\`)`);
  });

  it('knows no check, state or reason the tool does not', () => {
    const ends = [...Object.keys(REASONS), ...Object.values(REASONS).flat()];
    const real = [...CHECK_NAMES, ...ends, ...Object.keys(NEXT), ...FINDINGS];
    expect(known.filter((word) => !(real as readonly string[]).includes(word))).toEqual([]);
  });
});

describe('docs/security.md', () => {
  const text = read('docs/security.md');

  it('lists every event of the log, and no other', () => {
    const listed = firstCells('docs/security.md').filter((word) => /^[a-z-]+\.[a-z-]+$/.test(word));
    expect(sorted(listed)).toEqual(sorted(union('lib/log.ts', 'LogEvent')));
  });

  it('lists every kind of entry in the record, and no other', () => {
    const [, kinds = ''] = /^Every entry has .* Kinds: (.*)$/m.exec(text) ?? [];
    const listed = [...kinds.matchAll(/`([^`]+)`/g)].map(([, kind = '']) => kind);
    expect(sorted(listed)).toEqual(sorted(union('lib/db/record.ts', 'RecordKind')));
  });

  it('says what every table of the database holds', () => {
    const folder = `${ROOT}lib/db/migrations/`;
    const made = readdirSync(folder).flatMap((file) =>
      [...read(`lib/db/migrations/${file}`).matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g)].map(
        ([, name = '']) => name,
      ),
    );
    const rows = firstCells('docs/security.md');
    expect(made.filter((name) => !rows.includes(name))).toEqual([]);
  });
});

describe('every event of the log', () => {
  it('is logged somewhere', () => {
    const sources = ['lib', 'app'].flatMap((folder) =>
      readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name) && name !== 'log.ts')
        .map((name) => `${folder}/${name}`),
    );
    const code = [...sources, 'instrumentation-node.ts', 'instrumentation.ts'].map(read).join('\n');
    expect(union('lib/log.ts', 'LogEvent').filter((event) => !code.includes(`'${event}'`))).toEqual([]);
  });
});

describe('documents', () => {
  it('link to nothing that is not there', () => {
    const broken = DOCUMENTS.flatMap((document) =>
      [...read(document).matchAll(/\]\(([^)#\s]+)(?:#[\w-]+)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^https?:/.test(target))
        .map((target) => join(dirname(document), target))
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${document}: ${path}`),
    );
    expect(broken).toEqual([]);
  });

  it('link to headings that are there', () => {
    const slug = (title: string): string =>
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-');
    const broken = DOCUMENTS.flatMap((document) => {
      const headings = [...read(document).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => slug(title));
      return [...read(document).matchAll(/\]\(#([\w-]+)\)/g)]
        .map(([, anchor = '']) => anchor)
        .filter((anchor) => !headings.includes(anchor))
        .map((anchor) => `${document}: #${anchor}`);
    });
    expect(broken).toEqual([]);
  });

  it('name no file of the sources that is not there', () => {
    const broken = DOCUMENTS.flatMap((document) =>
      [...read(document).matchAll(/`((?:lib|app|scripts|docs|simulator|components|e2e)\/[\w./-]+\.\w+)`/g)]
        .map(([, path = '']) => path)
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${document}: ${path}`),
    );
    expect(broken).toEqual([]);
  });

  it('name no script of the package that is not there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    const named = DOCUMENTS.flatMap((document) =>
      [...read(document).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = '']) => script),
    );
    expect(sorted(named).filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  it('name no variable of ours that is not read', () => {
    const named = DOCUMENTS.flatMap((document) =>
      [...read(document).matchAll(/\bECS_ROLLBACK_[A-Z_]*[A-Z]/g)].map(([name]) => name),
    );
    expect(sorted(named).filter((name) => !Object.hasOwn(VARIABLES, name))).toEqual([]);
  });
});
