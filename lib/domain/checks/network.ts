import type { RollbackFacts } from '@/lib/domain/facts';
import type { ShownDefinition } from '@/lib/domain/task-definition';
import type { Draft } from './draft';
import { blocks, type Finding, notChecked, passed, warns, whyNot } from './finding';

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
      `${missing.who} traffic to ${missing.container ?? 'port'}:${missing.port}, which the new revision would not have.`,
    );
  return passed(needed.length === 0 ? 'no load balancer needs a port' : 'the ports the load balancer needs are there');
}

export function connectPort({ service }: RollbackFacts, { shown }: Draft): Finding {
  const names = new Set(
    (shown.containerDefinitions ?? []).flatMap(({ portMappings = [] }) =>
      portMappings.flatMap(({ name }) => name ?? []),
    ),
  );
  const connect = service.connectPortNames.find((name) => !names.has(name));
  if (connect !== undefined)
    return blocks(`Service Connect needs port ${connect}, which the new revision would not have.`);
  const lattice = service.latticePortNames.find((name) => !names.has(name));
  if (lattice !== undefined) return blocks(`VPC Lattice needs port ${lattice}, which the new revision would not have.`);
  return passed('no named port is missing');
}

export function networkMode({ service, targetTypes, running }: RollbackFacts, { shown, source }: Draft): Finding {
  const mode = shown.networkMode ?? 'bridge';
  const awsvpc = mode === 'awsvpc';
  const today = running.ok ? (running.value.shown.networkMode ?? 'bridge') : null;
  const words = `${service.name} uses ${service.hasNetworkConfiguration ? 'awsvpc' : (today ?? 'another')} networking; revision ${source?.number ?? ''} uses ${mode}.`;
  if (awsvpc !== service.hasNetworkConfiguration) return blocks(words);
  for (const [arn, type] of targetTypes) {
    if (!type.ok)
      return notChecked(
        `Whether target group ${arn.split('/')[1] ?? arn} fits ${mode} networking: not checked (${whyNot(type.error)}).`,
      );
    if ((type.value === 'ip') !== awsvpc) return blocks(words);
  }
  return passed(`${mode} networking fits the service`);
}

export function platform({ service, running }: RollbackFacts, { shown, source }: Draft): Finding {
  const wanted = shown.runtimePlatform?.cpuArchitecture ?? 'X86_64';
  const today = running.ok ? (running.value.shown.runtimePlatform?.cpuArchitecture ?? 'X86_64') : wanted;
  if (wanted !== today)
    return blocks(`Revision ${source?.number ?? ''} is for ${wanted}; ${service.name} runs on ${today}.`);
  const fargate =
    service.launchType === 'FARGATE' || service.capacityProviders.some((name) => name.startsWith('FARGATE'));
  const compatible = source?.shown.compatibilities ?? [];
  if (fargate && compatible.length > 0 && !compatible.includes('FARGATE')) {
    return blocks(`Revision ${source?.number ?? ''} cannot run on Fargate, where ${service.name} runs.`);
  }
  return passed('the platform is the same');
}

export function volumesAtLaunch({ service }: RollbackFacts, { shown, source }: Draft): Finding {
  const volumes = new Set(
    (shown.volumes ?? []).filter((volume) => volume.configuredAtLaunch === true).map(({ name }) => String(name ?? '')),
  );
  const missing = service.volumeNames.find((name) => !volumes.has(name));
  if (missing !== undefined)
    return blocks(`The service configures volume ${missing}, which revision ${source?.number ?? ''} does not have.`);
  const extra = [...volumes].find((name) => !service.volumeNames.includes(name));
  if (extra !== undefined)
    return warns(
      `Revision ${source?.number ?? ''} expects volume ${extra} to be configured at launch, which the service does not do.`,
    );
  return passed('volumes fit the service');
}
