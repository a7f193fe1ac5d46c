import { describe, expect, it } from 'vitest';
import type { Fact } from '@/lib/domain/facts';
import { deployment, NOW, service, serviceDeployment, TARGET, unread } from '@/lib/domain/fixtures';
import type { ServiceDeployment } from '@/lib/domain/service';
import { ok } from '@/lib/result';
import { inFlightOf } from './in-flight';
import type { ServiceContext } from './service-context';

const HOUR = 3_600_000;
const good = serviceDeployment('api:421', NOW - 20 * HOUR);
const last = (change: Partial<ServiceDeployment>): ServiceDeployment =>
  serviceDeployment('api:428', NOW - HOUR, {
    status: 'IN_PROGRESS',
    finishedAt: null,
    sourceServiceRevisionArns: [good.serviceRevisionArn],
    ...change,
  });

/** What a page says while ECS moves the service and knows no revision by its name. */
function said(deployments: Fact<readonly ServiceDeployment[]>) {
  const primary = deployment({ rolloutState: 'IN_PROGRESS', runningCount: 2, createdAt: NOW - HOUR });
  const known = { deployments, past: [], active: null };
  const application = { reads: { knownSummary: () => null } };
  return inFlightOf({
    target: TARGET,
    service: service({ deployments: [primary] }),
    known,
    application,
    now: NOW,
  } as unknown as ServiceContext);
}

describe('a deployment that runs', () => {
  it('can be stopped where it is certain what ECS would return to', () => {
    expect(said(ok([last({}), good]))).toMatchObject({
      words: expect.stringMatching(/^api:428 is being deployed, 2 of 6 tasks, started .+\.$/),
      stop: { returnTo: 'api:421' },
      why: null,
    });
    expect(said(unread())).toMatchObject({ stop: null, why: 'We cannot tell what ECS would return to.' });
  });
});

describe('a return that ECS makes', () => {
  it.each([
    ['ecs', ' by itself, 2 of 6 tasks.'],
    [null, ' by itself, 2 of 6 tasks.'],
    ['somebody', ', because somebody stopped the deployment, 2 of 6 tasks.'],
  ] as const)('is no deployment, and cannot be stopped: asked for by %s', (returnedBy, end) => {
    const { words, stop, why } = said(ok([last({ status: 'ROLLBACK_IN_PROGRESS', returnedBy }), good])) ?? {};
    expect(words).toBe(`ECS is already returning api to api:421${end}`);
    expect({ stop, why }).toEqual({ stop: null, why: null });
  });

  it('leads to an earlier version where nobody can tell to which', () => {
    const unclear = last({ status: 'ROLLBACK_IN_PROGRESS', sourceServiceRevisionArns: [] });
    expect(said(ok([unclear, good]))?.words).toBe(
      'ECS is already returning api to an earlier version by itself, 2 of 6 tasks.',
    );
  });
});

it('says nothing of a service that stands still', () => {
  const known = { deployments: ok([good]), past: [], active: null };
  expect(inFlightOf({ service: service(), known, now: NOW } as unknown as ServiceContext)).toBeNull();
});
