import { describe, expect, it } from 'vitest';
import { Sealed } from '@/lib/domain/sealed';
import { createLog } from './log';

function lines(write: (log: ReturnType<typeof createLog>) => void): string[] {
  const written: string[] = [];
  write(
    createLog('info', {
      write: (line) => {
        written.push(line);
      },
    }),
  );
  return written;
}

describe('the log', () => {
  it('writes one JSON object a line, whatever text it is given', () => {
    const [line = '', ...more] = lines((log) =>
      log('press.refused', { reason: 'a\r\n{"event":"rollback.confirmed"}\u001b[31m\u2028' }),
    );
    expect(more).toEqual([]);
    expect(line.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ event: 'press.refused' });
    expect(line).not.toContain('\u001b');
  });

  it('cuts long text and deep values', () => {
    const deep: Record<string, unknown> = {};
    deep.self = { a: { b: { c: { d: { e: 'too deep' } } } } };
    const [line = ''] = lines((log) => log('request.failed', { text: 'x'.repeat(5000), deep }));
    expect(line.length).toBeLessThan(2000);
    expect(line).not.toContain('too deep');
  });

  it('never opens what is sealed', () => {
    const [line = ''] = lines((log) => log('request.failed', { definition: new Sealed({ password: 'hunter2' }) }));
    expect(line).toContain('[hidden]');
    expect(line).not.toContain('hunter2');
  });

  it('names errors with their stack', () => {
    const [line = ''] = lines((log) => log('request.failed', { error: new TypeError('no such thing') }));
    expect(JSON.parse(line)).toMatchObject({ level: 50, error: { name: 'TypeError', message: 'no such thing' } });
  });
});
