import { describe, expect, it } from 'vitest';
import { consoleUrl } from './console';

describe('the service in AWS’s console', () => {
  it.each([
    ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/'],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['us-gov-west-1', 'https://console.amazonaws-us-gov.com/'],
  ])('of %s is where that Region is looked at', (region, host) => {
    const url = consoleUrl({ region, cluster: 'notify', service: 'api' });
    expect(url).toBe(`${host}ecs/v2/clusters/notify/services/api/deployments?region=${region}`);
  });

  it('is reached by names that cannot lead elsewhere', () => {
    expect(consoleUrl({ region: 'eu-west-1', cluster: '../x', service: 'a?b' })).toContain('/..%2Fx/services/a%3Fb/');
  });
});
