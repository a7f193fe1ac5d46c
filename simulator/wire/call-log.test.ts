import { describe, expect, it } from 'vitest';
import { callLog, type LoggedCall } from './call-log';

const CALL: Omit<LoggedCall, 'n'> = {
  at: '2026-01-01T00:00:00.000Z',
  account: null,
  region: null,
  service: 'ecs',
  operation: 'ListClusters',
  input: {},
  status: 200,
  error: null,
  principal: null,
  attempt: 1,
  invocationId: null,
  applied: true,
  fault: null,
};

describe('the call log', () => {
  it('keeps the last calls and no more, in order', () => {
    const log = callLog(10);
    for (let nth = 1; nth <= 1_000; nth += 1) {
      log.add(CALL);
      expect(log.since(0).length).toBe(Math.min(nth, 10));
    }
    expect(log.since(0).map(({ n }) => n)).toEqual([991, 992, 993, 994, 995, 996, 997, 998, 999, 1_000]);
    expect(log.since(997).map(({ n }) => n)).toEqual([998, 999, 1_000]);
    expect(log.since(1_000)).toEqual([]);
    expect(log.since(5_000)).toEqual([]);
  });

  it('shows how a call ended once it has', () => {
    const log = callLog();
    const logged = log.add({ ...CALL, status: null });
    logged.status = 500;
    expect(log.since(0)).toMatchObject([{ n: 1, status: 500 }]);
  });
});
