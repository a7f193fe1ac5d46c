import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Active, isEnd, NEXT, REASONS, type State } from './rollback';

const MIGRATIONS = fileURLToPath(new URL('../db/migrations', import.meta.url));

/** The last definition of the trigger's arrows in the migrations, which is the one in force. */
function triggerArrows(): readonly string[] {
  const sql = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(`${MIGRATIONS}/${name}`, 'utf8'))
    .join('\n');
  const guards = [...sql.matchAll(/NEW\.state NOT IN \(([^)]*)\)/g)];
  return [...(guards.at(-1)?.[1] ?? '').matchAll(/'([a-z>-]+)'/g)].map(([, arrow]) => arrow ?? '');
}

const ARROWS = Object.entries(NEXT).flatMap(([from, to]) => to.map((state) => `${from}>${state}`));
const STATES: readonly State[] = [...(Object.keys(NEXT) as Active[]), ...(Object.keys(REASONS) as State[])];

describe('the states of a rollback', () => {
  it('lead where the design draws arrows, and nowhere else', () => {
    expect([...ARROWS].sort()).toEqual(
      [
        'starting>sending',
        'starting>not-applied',
        'sending>watching',
        'sending>unknown',
        'sending>not-applied',
        'unknown>watching',
        'unknown>not-applied',
        'unknown>closed',
        'watching>succeeded',
        'watching>failed',
        'watching>superseded',
      ].sort(),
    );
  });

  it('lead where the database lets them, and nowhere else', () => {
    expect([...triggerArrows()].sort()).toEqual([...ARROWS].sort());
  });

  it('are ends where nothing follows, each with the reasons it may have', () => {
    expect(STATES.filter(isEnd)).toEqual(['succeeded', 'failed', 'superseded', 'not-applied', 'closed']);
    const led = new Set<string>(Object.values(NEXT).flat());
    expect(Object.keys(REASONS).filter((end) => !led.has(end))).toEqual([]);
  });

  it('have reasons that belong to one end each', () => {
    const all = Object.values(REASONS).flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('never leave an end once reached, nor reach one from nowhere', () => {
    for (const end of STATES.filter(isEnd)) expect(ARROWS.filter((arrow) => arrow.startsWith(`${end}>`))).toEqual([]);
  });
});
