import { describe, expect, it } from 'vitest';
import { deploymentOf, liveTasks, recordOf, smallWorld } from '@/simulator/ecs/fixtures';
import { advance, dateOf, setSpeed, worldTime } from './clock';

const WALL = Date.UTC(2026, 10, 1);

/** A world in which a deployment has just begun, its speed as asked. */
function deploying(speed: number) {
  const small = smallWorld();
  const service = small.steady('s');
  const next = small.deploy(service);
  const now = WALL + 3_600_000;
  setSpeed(small.world, speed, now);
  return { ...small, service, next };
}

describe('speed', () => {
  it('shortens waits under way and to come alike', () => {
    const { next, pass } = deploying(10);
    pass(8);
    expect(next.rolloutState).toBe('IN_PROGRESS');
    pass(2);
    expect(next.rolloutState).toBe('COMPLETED');
  });

  it('of zero stands still, and goes on where it stood', () => {
    const { world, service, next, pass } = deploying(0);
    pass(86_400);
    expect([recordOf(service).status, liveTasks(service, next)]).toEqual(['PENDING', []]);
    setSpeed(world, 1, WALL + 3_600_000 + 86_400_000);
    pass(92);
    expect(deploymentOf(service).rolloutState).toBe('COMPLETED');
  });

  it('does not move a failure that has a time of its own', () => {
    const small = smallWorld();
    const checked = {
      containerDefinitions: [{ name: 'app', image: 'nginx', memory: 128, healthCheck: { command: ['true'] } }],
    };
    small.register('s', checked);
    const service = small.steady('s', { taskDefinition: 's:1' });
    service.fate = { tasks: 'unhealthy', taskDefinition: null, failsAfterMs: 300_000 };
    const next = small.deploy(service, checked);
    small.pass(42);
    expect(liveTasks(service, next).map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING']);
    setSpeed(small.world, 1000, WALL + 3_642_000);
    small.pass(299);
    expect(next.failedTasks).toBe(0);
    small.pass(2);
    expect(next.failedTasks).toBeGreaterThan(0);
  });
});

describe('time let pass', () => {
  it('backdates what has happened and brings nearer what is due', () => {
    const { world, service, next, pass } = deploying(1);
    const before = dateOf(world, next.createdAt);
    advance(world, 600);
    expect(before.getTime() - dateOf(world, next.createdAt).getTime()).toBe(600_000);
    expect(worldTime(world, WALL)).toBe(WALL + 600_000);
    pass(0);
    expect(recordOf(service).status).toBe('SUCCESSFUL');
  });
});
