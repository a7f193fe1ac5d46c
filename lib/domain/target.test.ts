import { describe, expect, it } from 'vitest';
import { TARGET } from './fixtures';
import { settingsOf } from './target';

const of = (...patterns: readonly string[]) => ({
  ...TARGET,
  services: patterns.map((pattern) => ({ pattern, mainContainer: pattern, checkUrl: null })),
});

describe('settings of a service', () => {
  it('are those of the first pattern that matches its name', () => {
    expect(settingsOf(of('api', 'a*'), 'api')?.pattern).toBe('api');
    expect(settingsOf(of('api', 'a*'), 'admin')?.pattern).toBe('a*');
    expect(settingsOf(of('*-worker-*'), 'delivery-worker-sms')?.pattern).toBe('*-worker-*');
    expect(settingsOf(of('*'), 'anything')?.pattern).toBe('*');
  });

  it('are none where no pattern matches the whole name', () => {
    expect(settingsOf(of('api', 'a.i', 'worker*'), 'apis')).toBeNull();
    expect(settingsOf(of('a.i'), 'api')).toBeNull();
    expect(settingsOf(TARGET, 'constructor')).toBeNull();
  });
});
