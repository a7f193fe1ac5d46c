import { describe, expect, it } from 'vitest';
import { createFaults, type FaultRule, UNHARMED } from './faults';

const RULE: FaultRule = {
  fault: 'throttle',
  service: null,
  operation: 'ListClusters',
  count: null,
  skip: 0,
  afterMs: 0,
  forMs: null,
  probability: 1,
  ms: 0,
  applied: false,
};
const LIST = { service: 'ecs', operation: 'ListClusters' };

describe('faults', () => {
  it('begin after their time and end after theirs', () => {
    const faults = createFaults();
    faults.add({ ...RULE, afterMs: 100, forMs: 50 }, 1_000);
    const at = (now: number) => faults.strike(LIST, now).fault;
    expect([at(1_099), at(1_100), at(1_149), at(1_150)]).toEqual([null, 'throttle', 'throttle', null]);
  });

  it('strike as often as their chance has it, and only what is struck counts', () => {
    const chances = [0.5, 0.2, 0.29, 0.3, 0.1];
    const faults = createFaults(() => chances.shift() ?? 0);
    faults.add({ ...RULE, probability: 0.3, count: 2 }, 0);
    const struck = Array.from({ length: 5 }, () => faults.strike(LIST, 0).fault !== null);
    expect(struck).toEqual([false, true, true, false, false]);
  });

  it('leave out other services and other operations', () => {
    const faults = createFaults();
    faults.add({ ...RULE, service: 'ecs', operation: 'reads' }, 0);
    expect(faults.strike({ service: 'ecr', operation: 'DescribeImages' }, 0)).toEqual(UNHARMED);
    expect(faults.strike({ service: 'ecs', operation: 'UpdateService' }, 0)).toEqual(UNHARMED);
    expect(faults.strike(LIST, 0).fault).toBe('throttle');
  });

  it('add up delays and stale views beside one fault', () => {
    const faults = createFaults();
    faults.add({ ...RULE, fault: 'slow', ms: 10 }, 0);
    faults.add({ ...RULE, fault: 'slow', ms: 5 }, 0);
    faults.add({ ...RULE, fault: 'stale-read', ms: 30 }, 0);
    faults.add({ ...RULE, fault: 'truncate' }, 0);
    expect(faults.strike(LIST, 0)).toEqual({ delayMs: 15, staleMs: 30, fault: 'truncate', applied: false });
    expect(faults.oldestMs()).toBe(30);
  });

  it('are gone once cleared', () => {
    const faults = createFaults();
    faults.add(RULE, 0);
    faults.clear();
    expect(faults.strike(LIST, 0)).toEqual(UNHARMED);
  });
});
