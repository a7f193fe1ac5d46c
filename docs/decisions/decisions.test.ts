import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const RECORDS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.md'))
  .sort();

describe('a decision record', () => {
  it.each(RECORDS)('%s says context, decision, consequences and confirmation, in this order', (name) => {
    const headings = [...readFileSync(FOLDER + name, 'utf8').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Consequences', 'Confirmation']);
  });

  it.each(RECORDS)('%s is confirmed by tests that are there', (name) => {
    const [, confirmation = ''] = readFileSync(FOLDER + name, 'utf8').split('## Confirmation');
    const tests = [...confirmation.matchAll(/`([^`]+\.(?:test|spec)\.ts)`/g)].map(([, file]) => file ?? '');
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((file) => !existsSync(ROOT + file))).toEqual([]);
  });

  it('has a number of its own, without a gap', () => {
    expect(RECORDS.map((name) => Number(name.slice(0, 3)))).toEqual(RECORDS.map((_, index) => index + 1));
  });
});
