import type { RollbackFacts } from '@/lib/domain/facts';
import type { ShownDefinition } from '@/lib/domain/task-definition';
import type { Draft } from './draft';
import { blocks, type Finding, notChecked, passed, whyNot } from './finding';

function hasPort({ containerDefinitions = [] }: ShownDefinition, container: string | null, port: number): boolean {
  return containerDefinitions.some(
    ({ name, portMappings = [] }) =>
      (container === null || name === container) && portMappings.some((mapping) => inMapping(mapping, port)),
  );
}

function inMapping(
  { containerPort, containerPortRange }: { containerPort?: number; containerPortRange?: string },
  port: number,
): boolean {
  if (containerPort === port) return true;
  const [from, to] = (containerPortRange ?? '').split('-').map(Number);
  return from !== undefined && to !== undefined && port >= from && port <= to;
}

export function lbPort({ service }: RollbackFacts, { shown }: Draft): Finding {
  const needed = [
    ...service.loadBalancers.map(({ containerName, containerPort }) => ({
      container: containerName,
      port: containerPort,
      who: 'The load balancer sends',
    })),
    ...service.serviceRegistries.flatMap(({ containerName, containerPort }) =>
      containerPort === null ? [] : [{ container: containerName, port: containerPort, who: 'Service discovery sends' }],
    ),
  ];
  const missing = needed.find(({ container, port }) => !hasPort(shown, container, port));
  if (missing)
    return blocks(
      `${missing.who} traffic to ${missing.container === null ? 'port ' : `${missing.container}:`}${missing.port}, which the new revision would not have.`,
    );
  return passed(needed.length === 0 ? 'no load balancer needs a port' : 'the ports the load balancer needs are there');
}

/** What ECS takes a named port to speak, by the port's name. */
const protocolsOf = ({ containerDefinitions = [] }: ShownDefinition): ReadonlyMap<string, string> =>
  new Map(
    containerDefinitions.flatMap(({ portMappings = [] }) =>
      portMappings.flatMap(({ name, appProtocol }) =>
        name === undefined ? [] : [[name, appProtocol ?? 'tcp'] as const],
      ),
    ),
  );

export function connectPort({ service, running }: RollbackFacts, { shown }: Draft): Finding {
  const ports = protocolsOf(shown);
  const connect = service.connectPortNames.find((name) => !ports.has(name));
  if (connect !== undefined)
    return blocks(`Service Connect needs port ${connect}, which the new revision would not have.`);
  const lattice = service.latticePortNames.find((name) => !ports.has(name));
  if (lattice !== undefined) return blocks(`VPC Lattice needs port ${lattice}, which the new revision would not have.`);
  const today = running.ok ? protocolsOf(running.value.shown) : ports;
  // Service Connect refuses another protocol for a port it knows.
  const changed = service.connectPortNames.find((name) => today.has(name) && today.get(name) !== ports.get(name));
  if (changed !== undefined)
    return blocks(
      `Service Connect has port ${changed} as ${today.get(changed)}; the new revision would have it as ${ports.get(changed)}.`,
    );
  return passed('no named port is missing');
}

export function networkMode({ service, targetTypes, running }: RollbackFacts, { shown, source }: Draft): Finding {
  const mode = shown.networkMode ?? 'bridge';
  const awsvpc = mode === 'awsvpc';
  const today = running.ok ? (running.value.shown.networkMode ?? 'bridge') : null;
  const words = `${service.name} uses ${service.hasNetworkConfiguration ? 'awsvpc' : (today ?? 'another')} networking; revision ${source?.number ?? ''} uses ${mode}.`;
  if (awsvpc !== service.hasNetworkConfiguration) return blocks(words);
  const groups = [...targetTypes].map(([arn, type]) => ({ name: arn.split('/')[1] ?? arn, type }));
  const wrong = groups.find(({ type }) => type.ok && (type.value === 'ip') !== awsvpc);
  if (wrong?.type.ok)
    return blocks(`Target group ${wrong.name} takes ${wrong.type.value} targets, which ${mode} networking has not.`);
  const [unread] = groups.flatMap(({ name, type }) => (type.ok ? [] : [{ name, error: type.error }]));
  if (unread)
    return notChecked(
      `Whether target group ${unread.name} fits ${mode} networking: not checked (${whyNot(unread.error)}).`,
    );
  return passed(`${mode} networking fits the service`);
}

export function platform(facts: RollbackFacts, { shown, source }: Draft): Finding {
  const { service, running } = facts;
  const number = source?.number ?? '';
  const today = running.ok ? running.value.shown : shown;
  const needed = launchTypeOf(service);
  const pairs = [architectureOf, systemOf].map((of) => [of(shown, needed), of(today, needed)] as const);
  for (const [wanted, now] of pairs) {
    if (wanted !== null && now !== null && wanted !== now)
      return blocks(`Revision ${number} is for ${wanted}; ${service.name} runs on ${now}.`);
  }
  const compatible = source?.shown.compatibilities ?? [];
  const runsToday = today.compatibilities ?? [];
  if (needed !== null && compatible.length > 0 && !compatible.some((type) => type === needed)) {
    return blocks(`Revision ${number} cannot run on ${LAUNCH_TYPES[needed]}, where ${service.name} runs.`);
  }
  // One names what the other leaves to the instances.
  const open = pairs.find(([wanted, now]) => wanted !== now);
  if (open)
    return notChecked(
      `Whether ${service.name} runs on ${open[0] ?? open[1]}: not checked (${open[0] === null ? `revision ${number}` : 'the running revision'} does not say).`,
    );
  if (needed === null && runsToday.some((type) => !compatible.includes(type))) {
    return notChecked(
      `Whether revision ${number} can run on ${service.capacityProviders.join(', ') || 'these instances'}: not checked (the kind of a capacity provider is not read).`,
    );
  }
  return passed('the platform is the same');
}

type LaunchType = keyof typeof LAUNCH_TYPES;

/** Fargate has defaults; elsewhere a definition that names no platform runs on whatever instance takes it. */
const orDefault = (named: string | undefined, launch: LaunchType | null, standard: string): string | null =>
  named ?? (launch === 'FARGATE' ? standard : null);

const architectureOf = ({ runtimePlatform }: ShownDefinition, launch: LaunchType | null): string | null =>
  orDefault(runtimePlatform?.cpuArchitecture, launch, 'X86_64');
const systemOf = ({ runtimePlatform }: ShownDefinition, launch: LaunchType | null): string | null =>
  orDefault(runtimePlatform?.operatingSystemFamily, launch, 'LINUX');

const LAUNCH_TYPES = {
  FARGATE: 'Fargate',
  EC2: 'EC2',
  EXTERNAL: 'external instances',
  MANAGED_INSTANCES: 'managed instances',
} as const;

/** Where the service's tasks certainly run; `null` for capacity providers whose kind their name does not tell. */
function launchTypeOf({ launchType, capacityProviders }: RollbackFacts['service']): LaunchType | null {
  if (capacityProviders.some((name) => name.startsWith('FARGATE'))) return 'FARGATE';
  return launchType !== null && isLaunchType(launchType) ? launchType : null;
}

const isLaunchType = (name: string): name is keyof typeof LAUNCH_TYPES => Object.hasOwn(LAUNCH_TYPES, name);

export function volumesAtLaunch({ service }: RollbackFacts, { shown, source }: Draft): Finding {
  const volumes = new Set(
    (shown.volumes ?? []).filter((volume) => volume.configuredAtLaunch === true).map(({ name }) => String(name ?? '')),
  );
  const missing = service.volumeNames.find((name) => !volumes.has(name));
  if (missing !== undefined)
    return blocks(`The service configures volume ${missing}, which revision ${source?.number ?? ''} does not have.`);
  const extra = [...volumes].find((name) => !service.volumeNames.includes(name));
  if (extra !== undefined)
    return blocks(
      `Revision ${source?.number ?? ''} expects the service to configure volume ${extra}, which it does not.`,
    );
  return passed('volumes fit the service');
}
