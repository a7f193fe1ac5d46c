import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BY_HAND_WITHOUT_THIS_TOOL, byHand } from '@/lib/domain/by-hand';
import type { PlanBody } from '@/lib/domain/plan-body';
import { fencedBlocks } from '@/scripts/fenced-commands.mjs';
import { DOCUMENTS, ROOT, read } from './documents';

/** What executes the commands of a block, by the word behind `sh`; what needs an account of AWS nobody executes here. */
const EXECUTED_BY: Readonly<Record<string, string | null>> = {
  aws: null,
  // A container engine is no part of a machine that tests; the folder the image holds is run as the image would.
  docker: 'scripts/check-standalone.mjs',
  postgres: 'lib/db/backup.integration.test.ts',
  demo: 'scripts/check-install.mjs',
};

const shell = DOCUMENTS.flatMap((document) =>
  fencedBlocks(read(document))
    .filter(({ language }) => ['sh', 'bash', 'shell', 'console'].includes(language))
    .map((block) => ({ document, ...block })),
);

describe('commands in documents', () => {
  it('are executed by a test, or marked as what needs an account of AWS', () => {
    const loose = shell.filter(({ document, heading, marks, text }) => {
      if (document === 'docs/install.md' && heading === 'Try it on one machine') return false;
      const [mark] = marks;
      if (mark !== undefined) return !Object.hasOwn(EXECUTED_BY, mark);
      return text !== 'npm test' && text !== 'npm run demo';
    });
    expect(loose.map(({ document, text }) => `${document}: ${text}`)).toEqual([]);
    for (const path of Object.values(EXECUTED_BY)) if (path !== null) expect(existsSync(join(ROOT, path))).toBe(true);
  });

  it('stand nowhere else than in blocks of the shell', () => {
    const other = DOCUMENTS.flatMap((document) => fencedBlocks(read(document)).map(({ language }) => language));
    expect([...new Set(other)].sort()).toEqual(['', 'hcl', 'sh', 'sql'].filter((language) => other.includes(language)));
  });

  it('for databases are those the test of backups uses', () => {
    const test = read('lib/db/backup.integration.test.ts');
    const flags = shell
      .filter(({ marks }) => marks.includes('postgres'))
      .flatMap(({ text }) => [...text.matchAll(/^pg_\w+ .*$/gm)])
      .flatMap(([line]) => [...line.matchAll(/--(?!file|dbname)[\w-]+(?:=\w+)?/g)].map(([flag]) => flag));
    expect(flags.length).toBeGreaterThan(0);
    expect(flags.filter((flag) => !test.includes(`'${flag}'`))).toEqual([]);
  });

  it('by hand are the ones every plan prints', () => {
    const [everything, images] = fencedBlocks(read('docs/by-hand.md')).map(({ text }) => text.split('\n'));
    const plan = {
      ...{ kind: 'copy', region: 'REGION', account: null, cluster: 'CLUSTER', service: 'SERVICE' },
      ...{ sourceArn: 'FAMILY:REVISION', images: { CONTAINER: 'IMAGE' } },
    } as unknown as PlanBody;
    expect(everything).toEqual(BY_HAND_WITHOUT_THIS_TOOL.slice(1));
    expect(images).toEqual(byHand(plan).slice(1));
  });
});
