import { describe, expect, it } from 'vitest';
import { createQuotas } from './quotas';

const REGISTER = { account: '1', region: 'r', service: 'ecs', operation: 'RegisterTaskDefinition' };
const times = (count: number, act: () => boolean): number => Array.from({ length: count }, act).filter(Boolean).length;

describe('quotas', () => {
  it('let a burst through and then as many a second as are published', () => {
    const quotas = createQuotas();
    expect(times(30, () => quotas.take(REGISTER, 0))).toBe(20);
    expect(times(30, () => quotas.take(REGISTER, 999))).toBe(0);
    expect(times(30, () => quotas.take(REGISTER, 3_000))).toBe(3);
    expect(times(30, () => quotas.take(REGISTER, 3_600_000))).toBe(20);
  });

  it('are shared by the operations of a bucket and by nothing else', () => {
    const quotas = createQuotas();
    times(20, () => quotas.take(REGISTER, 0));
    expect(quotas.take({ ...REGISTER, operation: 'DeregisterTaskDefinition' }, 0)).toBe(false);
    expect(quotas.take({ ...REGISTER, operation: 'UpdateService' }, 0)).toBe(true);
    expect(quotas.take({ ...REGISTER, account: '2' }, 0)).toBe(true);
    expect(quotas.take({ ...REGISTER, region: 's' }, 0)).toBe(true);
  });

  it('do not count what ECS does not list, nor other services', () => {
    const quotas = createQuotas();
    expect(times(500, () => quotas.take({ ...REGISTER, operation: 'StopServiceDeployment' }, 0))).toBe(500);
    expect(times(500, () => quotas.take({ ...REGISTER, service: 'ecr', operation: 'ListTasks' }, 0))).toBe(500);
  });

  it('are full again when the world begins anew', () => {
    const quotas = createQuotas();
    times(20, () => quotas.take(REGISTER, 0));
    quotas.refill();
    expect(quotas.take(REGISTER, 0)).toBe(true);
  });
});
