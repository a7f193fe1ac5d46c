import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MODEL = fileURLToPath(new URL('./rollback-model.mjs', import.meta.url));

/** Runs the model as people do, and gives what it printed and how it ended. */
function model(mode: string): Promise<{ readonly code: number | null; readonly printed: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', MODEL, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, printed: chunks.join('') }));
  });
}

const lines = (printed: string, start: string): readonly string[] =>
  printed.split('\n').filter((line) => line.startsWith(start));

describe('the protocol of the write path', { timeout: 180_000 }, () => {
  it('keeps every promise in every order of events, and takes every arrow of the table of states', async () => {
    const { code, printed } = await model('small');
    expect(lines(printed, '   BROKEN')).toEqual([]);
    expect(lines(printed, 'IDLE')).toEqual([]);
    expect(lines(printed, '   holds')).toHaveLength(30);
    expect(code).toBe(0);
  });

  it('breaks without any one of its rules', async () => {
    const { code, printed } = await model('mutants');
    expect(lines(printed, 'LIVES')).toEqual([]);
    expect(lines(printed, 'caught')).toHaveLength(13);
    expect(code).toBe(0);
  });

  it('misses any arrow that is taken out of the table of states', async () => {
    const { code, printed } = await model('arrows');
    expect(lines(printed, 'UNNOTICED')).toEqual([]);
    expect(lines(printed, 'missed')).toHaveLength(11);
    expect(code).toBe(0);
  });
});
