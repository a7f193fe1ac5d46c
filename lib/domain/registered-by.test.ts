import { describe, expect, it } from 'vitest';
import { registeredBy } from './registered-by';

const ROLE = 'arn:aws:sts::111111111111:assumed-role';

describe('who registered a revision', () => {
  it.each([
    [`${ROLE}/concourse-deploy/deploy-to-111111111111`, 'concourse-deploy'],
    [`${ROLE}/concourse-deploy/botocore-session-1763980000`, 'concourse-deploy'],
    [`${ROLE}/AWSReservedSSO_Admin_0123456789abcdef/k.smith`, 'k.smith'],
    [`${ROLE}/break-glass/k.smith@example.org`, 'k.smith@example.org'],
    [`${ROLE}/ecs-rollback-writer/rb-7k3f9q`, 'rollback rb-7k3f9q'],
    ['arn:aws:iam::111111111111:user/ops/a.jones', 'a.jones'],
    ['arn:aws:iam::111111111111:root', 'root'],
  ])('%s is %s', (arn, name) => {
    expect(registeredBy(arn)).toBe(name);
  });

  it('is not known where ECS does not say', () => {
    expect(registeredBy(null)).toBeNull();
  });
});
