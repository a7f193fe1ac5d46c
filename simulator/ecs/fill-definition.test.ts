import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuUnits, filled, mebibytes } from './fill-definition';

const bare = { family: 'f', containerDefinitions: [{ name: 'app', image: 'nginx', memory: 128 }] };

describe('a definition as ECS keeps it', () => {
  it('has the defaults of every container and empty lists where nothing was said', () => {
    expect(filled(bare)).toEqual({
      family: 'f',
      containerDefinitions: [
        {
          name: 'app',
          image: 'nginx',
          memory: 128,
          cpu: 0,
          essential: true,
          portMappings: [],
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
        },
      ],
      volumes: [],
      placementConstraints: [],
    });
  });

  it.each([
    ['awsvpc', 80],
    ['host', 80],
    ['bridge', 0],
    [undefined, 0],
  ] as const)('fills host ports of network mode %s with %i', (networkMode, hostPort) => {
    const container = { name: 'app', image: 'nginx', memory: 128, portMappings: [{ containerPort: 80 }] };
    const { containerDefinitions, ...rest } = filled({ family: 'f', networkMode, containerDefinitions: [container] });
    expect(containerDefinitions?.[0]?.portMappings).toEqual([{ containerPort: 80, hostPort, protocol: 'tcp' }]);
    expect(rest.networkMode).toBe(networkMode);
  });

  it('leaves a range of ports without host port', () => {
    const container = {
      name: 'app',
      image: 'nginx',
      portMappings: [{ containerPortRange: '80-90', protocol: 'udp' as const }],
    };
    const { containerDefinitions } = filled({ family: 'f', networkMode: 'awsvpc', containerDefinitions: [container] });
    expect(containerDefinitions?.[0]?.portMappings).toEqual([{ containerPortRange: '80-90', protocol: 'udp' }]);
  });

  it('keeps a volume of nothing but its name as one Docker assigns', () => {
    expect(filled({ ...bare, volumes: [{ name: 'data' }] }).volumes).toEqual([{ name: 'data', host: {} }]);
    const launch = { name: 'data', configuredAtLaunch: true };
    expect(filled({ ...bare, volumes: [launch] }).volumes).toEqual([launch]);
  });

  it('keeps empty strings and members nobody knows', () => {
    const container = {
      name: 'app',
      image: 'nginx',
      environment: [{ name: 'EMPTY', value: '' }],
      novelty: { on: true },
    };
    const kept = filled({ family: 'f', containerDefinitions: [container] }).containerDefinitions?.[0];
    expect(kept).toMatchObject(container);
  });

  it.each([
    ['1 vCPU', '1024'],
    ['.5 vcpu', '512'],
    ['256', '256'],
    ['much', 'much'],
  ])('reads %s as %s CPU units', (given, units) => expect(cpuUnits(given)).toBe(units));

  it.each([
    ['2GB', '2048'],
    ['0.5 gb', '512'],
    ['300', '300'],
    ['much', 'much'],
  ])('reads %s as %s MiB', (given, size) => expect(mebibytes(given)).toBe(size));

  it('has nothing of what ECS alone writes, whoever sends it', () => {
    const described = { ...bare, taskDefinitionArn: 'arn', revision: 7, status: 'ACTIVE', deregisteredAt: 1, tags: [] };
    expect(filled(described)).toEqual(filled(bare));
  });

  it('does not change when it is filled again', () => {
    const port = fc.record({ containerPort: fc.nat(65_535) });
    const container = fc.record(
      {
        name: fc.string({ minLength: 1 }),
        image: fc.string({ minLength: 1 }),
        cpu: fc.nat(),
        essential: fc.boolean(),
        portMappings: fc.array(port),
        environment: fc.array(fc.record({ name: fc.string(), value: fc.string() })),
      },
      { requiredKeys: ['name', 'image'] },
    );
    const definition = fc.record(
      {
        family: fc.string(),
        networkMode: fc.constantFrom('awsvpc' as const, 'host' as const, 'bridge' as const),
        containerDefinitions: fc.array(container),
        volumes: fc.array(fc.record({ name: fc.string() })),
        cpu: fc.constantFrom('1 vCPU', '256'),
        memory: fc.constantFrom('2GB', '512'),
      },
      { requiredKeys: ['family', 'containerDefinitions'] },
    );
    fc.assert(fc.property(definition, (given) => isDeepStrictEqual(filled(filled(given)), filled(given))));
  });
});
