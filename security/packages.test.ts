import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ROOT } from '@/scripts/root.mjs';

type Audit = {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
  readonly error?: { readonly code?: string; readonly summary?: string };
};

/** What the registry knows against the packages that run in production; an error where it could not be asked. */
function audit(): Promise<Audit> {
  return new Promise((resolve) => {
    execFile('npm', ['audit', '--omit=dev', '--json'], { cwd: ROOT, timeout: 30_000 }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout) as Audit);
      } catch {
        resolve({ error: { summary: error?.message.split('\n')[0] ?? 'no answer' } });
      }
    });
  });
}

describe('the packages that run in production', () => {
  it('have no weakness of high or critical severity that is known', async ({ skip }) => {
    const { vulnerabilities, error } = await audit();
    // Not asked is neither passed nor failed.
    if (vulnerabilities === undefined) skip(`audit unavailable: ${error?.summary || error?.code || 'no reason given'}`);
    const serious = Object.entries(vulnerabilities ?? {}).filter(([, { severity }]) =>
      /^(high|critical)$/.test(severity),
    );
    expect(serious.map(([name]) => name)).toEqual([]);
  });
});
