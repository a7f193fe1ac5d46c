import { describe, expect, it } from 'vitest';
import { ok } from '@/lib/result';
import { DIGESTS, deployment, facts, NOW, service, serviceDeployment, wish } from './fixtures';
import { planFrom } from './plan';
import { bodyOf } from './plan-body';

function bodyFor(change: Parameters<typeof facts>[0]) {
  const asked = facts(change);
  const planned = planFrom(asked);
  if (planned.kind !== 'plan') throw new Error(planned.kind);
  return { body: bodyOf(planned.plan, asked.wish), plan: planned.plan };
}

describe('what is kept of a plan', () => {
  it('is everything that was shown, as plain JSON', () => {
    const { body, plan } = bodyFor({ wish: wish({ bring: 'images' }) });
    expect(JSON.parse(JSON.stringify(body))).toEqual(body);
    expect(body).toMatchObject({
      kind: 'copy',
      target: 'production',
      account: '111111111111',
      region: 'eu-west-1',
      cluster: 'notify',
      service: 'api',
      protected: true,
      wish: { to: 'api:421', bring: 'images' },
      from: { revision: 'api:428', name: 'release-1123 (428)', tag: 'release-1123' },
      to: { revision: 'api:421', digests: Object.fromEntries(DIGESTS.get('api:421') ?? []) },
      forward: false,
      bring: 'images',
      copiedFrom: 'api:428 images:421',
      family: 'api',
      primaryId: 'ecs-svc/428',
      registeredBy: 'arn:aws:sts::111111111111:assumed-role/concourse-deploy/build-428',
      desiredCount: 6,
      usualMs: 240_000,
      readAt: NOW,
    });
    expect(body.steps).toBe(plan.steps);
    expect(body.findings).toEqual([...plan.findings]);
    expect(body.images).toEqual(Object.fromEntries(plan.images));
  });

  it('names every deployment there was before, so that a later reading can tell ours', () => {
    const deployments = [deployment(), deployment({ id: 'ecs-svc/old', status: 'ACTIVE' })];
    const { body } = bodyFor({ service: service({ deployments }), wish: wish({ bring: 'images' }) });
    expect(body.earlier).toEqual(['ecs-svc/428', 'ecs-svc/old']);
  });

  it('of a stop names the deployment, and no revision to copy', () => {
    const good = serviceDeployment('api:421', NOW - 86_400_000);
    const bad = serviceDeployment('api:428', NOW, {
      status: 'IN_PROGRESS',
      sourceServiceRevisionArns: [good.serviceRevisionArn],
    });
    const stop = bad.arn.split('/').at(-1) ?? '';
    const { body } = bodyFor({ deployments: ok([bad, good]), wish: wish({ to: null, stop }) });
    expect(body).toMatchObject({
      kind: 'stop',
      stopArn: bad.arn,
      sourceArn: null,
      images: {},
      family: 'api',
      notes: [],
    });
  });
});
