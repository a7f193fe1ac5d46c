import { primaryOf, type Service } from '@/lib/domain/service';
import type { ServiceState } from '@/lib/queries/list-services';

const LONG_MS = 30 * 60_000;

/** What a service is doing, from its own deployments: icon, word and tone. */
export function serviceState(service: Service, now: number): ServiceState {
  const { desiredCount: wanted, runningCount: running } = service;
  if (service.status !== 'ACTIVE')
    return { icon: '■', word: service.status === 'DRAINING' ? 'Being deleted' : 'Deleted', tone: 'muted' };
  const primary = primaryOf(service);
  if (primary?.rolloutState === 'FAILED') return { icon: '✕', word: 'Deployment failed', tone: 'bad' };
  const moving = primary?.rolloutState === 'IN_PROGRESS' || service.deployments.length > 1;
  if (moving && primary !== null) {
    const long = now - primary.createdAt > LONG_MS;
    const returning = service.deployments.some((other) => other !== primary && other.createdAt > primary.createdAt);
    if (returning) return { icon: '↺', word: 'ECS is rolling back', tone: 'warning' };
    return {
      icon: '◐',
      word: `Deploying ${primary.runningCount} of ${wanted}${long ? ', for long' : ''}`,
      tone: 'progress',
    };
  }
  if (running < wanted) return { icon: '!', word: 'Too few tasks', tone: 'warning' };
  return { icon: '✓', word: 'Deployed', tone: 'good' };
}

/** The state of a service that runs what a rollback of ours brought; anything that needs somebody goes first. */
export const stateAfter = (state: ServiceState): ServiceState =>
  state.tone === 'good' ? { icon: '↺', word: 'Rolled back', tone: 'good' } : state;
