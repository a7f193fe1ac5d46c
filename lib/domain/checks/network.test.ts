import { describe, expect, it } from 'vitest';
import type { Fact } from '@/lib/domain/facts';
import { apiDefinition, asRevision, draft, facts, revisionOf, service, shownOf, unread } from '@/lib/domain/fixtures';
import type { ShownDefinition } from '@/lib/domain/task-definition';
import { ok } from '@/lib/result';
import { connectPort, lbPort, networkMode, platform, volumesAtLaunch } from './network';

const ports = (...portMappings: readonly object[]): ShownDefinition => ({
  containerDefinitions: [{ name: 'web', image: 'a', portMappings: [...portMappings] }],
});
const balancer = (containerName: string, containerPort: number) => ({
  targetGroupArn: null,
  containerName,
  containerPort,
});
const old = (definition: object) => revisionOf(asRevision({ ...apiDefinition(421), ...definition }, 380));
const notChecked = (words: string) => ({ kind: 'not-checked', words });
const blocks = (words: string) => ({ kind: 'blocks', words });

describe('lb-port', () => {
  const judged = (shown: ShownDefinition, change: object = { loadBalancers: [balancer('web', 8080)] }) =>
    lbPort(facts({ service: service(change) }), draft({ shown }));

  it('passes where the port is there, by number or within a range, or none is needed', () => {
    expect(judged(ports({ containerPort: 8080 })).kind).toBe('passed');
    expect(judged(ports({ containerPortRange: '8000-8080' })).kind).toBe('passed');
    expect(judged(ports(), { loadBalancers: [] }).words).toBe('no load balancer needs a port');
  });

  it('blocks where the load balancer would send to a port that is not there', () => {
    const words = 'The load balancer sends traffic to web:8080, which the new revision would not have.';
    expect(judged(ports({ containerPort: 80 }))).toEqual(blocks(words));
    expect(judged(ports({ containerPortRange: '8081-8090' }))).toEqual(blocks(words));
    expect(judged({})).toEqual(blocks(words));
  });

  it('blocks where the port stands in another container', () => {
    expect(judged(ports({ containerPort: 8080 }), { loadBalancers: [balancer('app', 8080)] }).kind).toBe('blocks');
  });

  it('asks the same for service discovery, which may name no container', () => {
    const registry = (containerName: string | null, containerPort: number | null) => ({
      loadBalancers: [],
      serviceRegistries: [{ containerName, containerPort }],
    });
    expect(judged(ports({ containerPort: 80 }), registry('web', 81))).toEqual(
      blocks('Service discovery sends traffic to web:81, which the new revision would not have.'),
    );
    expect(judged(ports({ containerPort: 80 }), registry(null, 81))).toEqual(
      blocks('Service discovery sends traffic to port 81, which the new revision would not have.'),
    );
    expect(judged(ports({ containerPort: 80 }), registry(null, 80)).kind).toBe('passed');
    expect(judged(ports(), registry(null, null)).kind).toBe('passed');
  });
});

describe('connect-port', () => {
  const judged = (change: object) =>
    connectPort(facts({ service: service(change) }), draft({ shown: ports({ containerPort: 80, name: 'http' }) }));

  it('passes ports that have the names asked for', () => {
    expect(judged({ connectPortNames: ['http'], latticePortNames: ['http'] }).kind).toBe('passed');
    expect(judged({}).kind).toBe('passed');
  });

  it('blocks where Service Connect or VPC Lattice would miss one', () => {
    expect(judged({ connectPortNames: ['http', 'api-http'] })).toEqual(
      blocks('Service Connect needs port api-http, which the new revision would not have.'),
    );
    expect(judged({ latticePortNames: ['grpc'] })).toEqual(
      blocks('VPC Lattice needs port grpc, which the new revision would not have.'),
    );
  });
});

describe('connect-port, of the protocol a port speaks', () => {
  const speaking = (appProtocol?: string) => ports({ containerPort: 80, name: 'http', appProtocol });
  const judged = (now: ShownDefinition, willBe: ShownDefinition, connectPortNames: readonly string[] = ['http']) =>
    connectPort(
      facts({
        service: service({ connectPortNames }),
        running: ok({ ...revisionOf(apiDefinition(428)), shown: now }),
      }),
      draft({ shown: willBe }),
    );

  it('passes the same one, and another where Service Connect does not use the port', () => {
    expect(judged(speaking('http'), speaking('http')).kind).toBe('passed');
    expect(judged(speaking('http'), speaking('grpc'), []).kind).toBe('passed');
    expect(judged({}, speaking('grpc')).kind).toBe('passed');
    expect(
      connectPort(
        facts({ service: service({ connectPortNames: ['http'] }), running: unread() }),
        draft({ shown: speaking() }),
      ).kind,
    ).toBe('passed');
  });

  it('blocks another one: Service Connect refuses it', () => {
    expect(judged(speaking('http'), speaking('grpc'))).toEqual(
      blocks('Service Connect has port http as http; the new revision would have it as grpc.'),
    );
    expect(judged(speaking('http'), speaking()).words).toContain('would have it as tcp.');
  });
});

describe('network-mode', () => {
  const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123';
  const judged = (definition: object, change: Parameters<typeof facts>[0] = {}) => {
    const source = old(definition);
    return networkMode(facts(change), draft({ source, shown: source.shown }));
  };

  it('passes the mode the service is made for', () => {
    expect(judged({}).kind).toBe('passed');
    expect(judged({}, { targetTypes: new Map([[GROUP, ok('ip')]]) }).kind).toBe('passed');
    const bridge = service({ hasNetworkConfiguration: false });
    expect(
      judged({ networkMode: undefined }, { service: bridge, targetTypes: new Map([[GROUP, ok('instance')]]) }).kind,
    ).toBe('passed');
  });

  it('blocks another one, either way', () => {
    expect(judged({ networkMode: 'bridge' })).toEqual(blocks('api uses awsvpc networking; revision 380 uses bridge.'));
    const bridge = {
      service: service({ hasNetworkConfiguration: false }),
      running: ok(revisionOf({ ...apiDefinition(428), networkMode: 'bridge' })),
    };
    expect(judged({}, bridge)).toEqual(blocks('api uses bridge networking; revision 380 uses awsvpc.'));
  });

  it('blocks where a target group takes other targets, even where another could not be read', () => {
    const targetTypes = new Map<string, Fact<string>>([
      ['arn:targetgroup/unread/1', unread()],
      [GROUP, ok('instance')],
    ]);
    expect(judged({}, { targetTypes })).toEqual(
      blocks('Target group web takes instance targets, which awsvpc networking has not.'),
    );
  });

  it('is not checked where a target group could not be read', () => {
    const targetTypes = new Map([[GROUP, unread({ action: 'elasticloadbalancing:DescribeTargetGroups' })]]);
    expect(judged({}, { targetTypes })).toEqual({
      kind: 'not-checked',
      words:
        'Whether target group web fits awsvpc networking: not checked (no permission to elasticloadbalancing:DescribeTargetGroups).',
    });
  });
});

describe('platform', () => {
  const judged = (definition: object, change: object = {}) => {
    const source = old(definition);
    return platform(facts({ service: service(change) }), draft({ source, shown: source.shown }));
  };

  it('passes the same platform, written or by default', () => {
    expect(judged({}).kind).toBe('passed');
    expect(judged({ runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' } }).kind).toBe(
      'passed',
    );
  });

  it('blocks another processor and another operating system', () => {
    expect(judged({ runtimePlatform: { cpuArchitecture: 'ARM64' } })).toEqual(
      blocks('Revision 380 is for ARM64; api runs on X86_64.'),
    );
    expect(judged({ runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } })).toEqual(
      blocks('Revision 380 is for WINDOWS_SERVER_2022_CORE; api runs on LINUX.'),
    );
  });

  it.each([
    [{ launchType: 'FARGATE' }, ['EC2'], 'Fargate'],
    [{ launchType: null, capacityProviders: ['FARGATE_SPOT'] }, ['EC2'], 'Fargate'],
    [{ launchType: 'EC2' }, ['FARGATE'], 'EC2'],
    [{ launchType: 'EXTERNAL' }, ['FARGATE'], 'external instances'],
    [{ launchType: 'MANAGED_INSTANCES' }, ['FARGATE'], 'managed instances'],
  ])('blocks a definition that cannot run where the service does: %j', (change, compatibilities, where) => {
    expect(judged({ compatibilities }, change)).toEqual(blocks(`Revision 380 cannot run on ${where}, where api runs.`));
    const needed = where === 'Fargate' ? 'FARGATE' : change.launchType;
    expect(judged({ compatibilities: [needed] }, change).kind).toBe('passed');
  });

  const onEc2 = { launchType: 'EC2' };
  it('is not checked where one definition names what the other leaves to the instances', () => {
    expect(judged({ runtimePlatform: { cpuArchitecture: 'ARM64' }, compatibilities: ['EC2'] }, onEc2)).toEqual(
      notChecked('Whether api runs on ARM64: not checked (the running revision does not say).'),
    );
    const runs = (runtimePlatform: object) => {
      const running = ok(old({ runtimePlatform }));
      const source = old({ compatibilities: ['EC2'] });
      return platform(facts({ service: service(onEc2), running }), draft({ source, shown: source.shown }));
    };
    expect(runs({ cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' })).toEqual(
      notChecked('Whether api runs on ARM64: not checked (revision 380 does not say).'),
    );
  });

  it('passes where neither names a platform', () => {
    expect(judged({ compatibilities: ['EC2'] }, onEc2).kind).toBe('passed');
  });

  const OUR_OWN = { launchType: null, capacityProviders: ['our-asg'] };
  it('passes on instances of unknown kind what can run wherever the running revision can', () => {
    expect(judged({ compatibilities: ['EC2', 'FARGATE', 'MANAGED_INSTANCES', 'EXTERNAL'] }, OUR_OWN).kind).toBe(
      'passed',
    );
    expect(judged({ compatibilities: [] }).kind).toBe('passed');
    expect(judged({ compatibilities: ['EC2', 'FARGATE'] }).kind).toBe('passed');
  });

  it('is not checked on capacity providers of unknown kind otherwise', () => {
    const running = ok(old({ compatibilities: ['EC2', 'FARGATE'] }));
    const source = old({ compatibilities: ['EC2'] });
    expect(platform(facts({ service: service(OUR_OWN), running }), draft({ source, shown: source.shown }))).toEqual(
      notChecked('Whether revision 380 can run on our-asg: not checked (the kind of a capacity provider is not read).'),
    );
  });
});

describe('volumes-at-launch', () => {
  const judged = (volumeNames: readonly string[], volumes: readonly object[]) => {
    const source = old({ volumes });
    return volumesAtLaunch(facts({ service: service({ volumeNames }) }), draft({ source, shown: source.shown }));
  };

  it('passes where service and definition name the same volumes', () => {
    expect(judged([], [{ name: 'host' }]).kind).toBe('passed');
    expect(judged(['data'], [{ name: 'data', configuredAtLaunch: true }]).kind).toBe('passed');
  });

  it('blocks a volume only one of them has', () => {
    expect(judged(['data'], [])).toEqual(
      blocks('The service configures volume data, which revision 380 does not have.'),
    );
    expect(judged(['data'], [{ name: 'data' }]).kind).toBe('blocks');
    expect(judged([], [{ name: 'data', configuredAtLaunch: true }])).toEqual(
      blocks('Revision 380 expects the service to configure volume data, which it does not.'),
    );
  });

  it('asks nothing of a definition without volumes', () => {
    expect(volumesAtLaunch(facts(), draft({ shown: shownOf({ family: 'api' }) })).kind).toBe('passed');
  });
});
