import { describe, expect, it } from 'vitest';
import { consoleUrl } from './console';
import { readConsoleLink } from './console-link';

const V2 = 'eu-west-1.console.aws.amazon.com/ecs/v2';
const API = { kind: 'service', account: null, region: 'eu-west-1', cluster: 'notify', service: 'api' };

describe('an address of the ECS console', () => {
  it.each(
    ['', '/', '/health', '/tasks', '/logs', '/deployments', '/deployments/xY12_ab', '/events', '/configuration'].concat(
      ['/networking', '/service-auto-scaling', '/tags', '/service-revisions/8430123456', '/update'],
    ),
  )('leads from every tab of a service to it: “%s”', (tab) => {
    expect(readConsoleLink(`https://${V2}/clusters/notify/services/api${tab}?region=eu-west-1`)).toEqual(API);
    expect(readConsoleLink(`https://${V2}/clusters/notify/services/api${tab}`)).toEqual(API);
  });

  it.each([
    ['https://console.aws.amazon.com/ecs/v2/clusters/notify/services/api/health?region=eu-west-1', API],
    [`https://${V2}/clusters/notify/services/api/tasks?status=STOPPED&region=eu-west-1#`, API],
    ['https://console.aws.amazon.com/ecs/home?region=eu-west-1#/clusters/notify/services/api/details', API],
    ['https://eu-west-1.console.aws.amazon.com/ecs/home?region=eu-west-1#/clusters/notify/services/api/tasks?x=1', API],
    ['https://console.aws.amazon.com/ecs/v2/clusters/notify/services/api', { ...API, region: null }],
    [
      'https://111111111111-ab12cd34.eu-west-1.console.aws.amazon.com/ecs/v2/clusters/notify/services/api?region=eu-west-1',
      { ...API, account: '111111111111' },
    ],
    [
      'https://cn-north-1.console.amazonaws.cn/ecs/v2/clusters/notify/services/api/health?region=cn-north-1',
      { ...API, region: 'cn-north-1' },
    ],
    [
      'https://console.amazonaws-us-gov.com/ecs/v2/clusters/notify/services/api?region=us-gov-west-1',
      { ...API, region: 'us-gov-west-1' },
    ],
    [
      'https://us-gov-west-1.console.amazonaws-us-gov.com/ecs/v2/clusters/notify/services/api',
      { ...API, region: 'us-gov-west-1' },
    ],
    [
      'https://eusc-de-east-1.console.amazonaws-eusc.eu/ecs/v2/clusters/notify/services/api',
      { ...API, region: 'eusc-de-east-1' },
    ],
  ])('is read in every shape: %s', (text, expected) => {
    expect(readConsoleLink(text)).toEqual(expected);
  });

  it('that this tool writes is one it reads', () => {
    for (const region of ['eu-west-1', 'cn-north-1', 'us-gov-west-1']) {
      const place = { region, cluster: 'notify', service: 'api' };
      expect(readConsoleLink(consoleUrl(place))).toEqual({ ...API, region });
    }
  });

  it.each([
    [`https://${V2}/task-definitions/api/421/containers?region=eu-west-1`, 421],
    [`https://${V2}/task-definitions/api/421/json?region=eu-west-1`, 421],
    [`https://${V2}/task-definitions/api/421`, 421],
    [`https://${V2}/task-definitions/api?status=ACTIVE&region=eu-west-1`, null],
    ['https://console.aws.amazon.com/ecs/home?region=eu-west-1#/taskDefinitions/api/421', 421],
  ])('of a task definition names family and number: %s', (text, number) => {
    expect(readConsoleLink(text)).toEqual({
      kind: 'family',
      account: null,
      region: 'eu-west-1',
      family: 'api',
      number,
    });
  });

  it.each(['/services', '/tasks', '/tasks/0123abcd/configuration', '/infrastructure', ''])(
    'of a cluster names the cluster: “%s”',
    (tab) => {
      const link = { kind: 'cluster', account: null, region: 'eu-west-1', cluster: 'notify' };
      expect(readConsoleLink(`https://${V2}/clusters/notify${tab}?region=eu-west-1`)).toEqual(link);
    },
  );

  it.each([
    'api',
    '',
    'https://example.com/ecs/v2/clusters/notify/services/api',
    'https://console.aws.amazon.com.evil.example/ecs/v2/clusters/notify/services/api',
    'https://evilconsole.aws.amazon.com/ecs/v2/clusters/notify/services/api',
    'https://eu-west-1.console.aws.amazon.com/ec2/v2/clusters/notify/services/api',
    `https://${V2}/clusters?region=eu-west-1`,
    `https://${V2}/task-definitions?region=eu-west-1`,
    `https://${V2}/clusters/..%2F..%2Fx/services/api`,
  ])('is not %s', (text) => {
    expect(readConsoleLink(text)).toBeNull();
  });
});
