/** Where a service stands, for AWS's own pages. */
export type ConsolePlace = { readonly region: string; readonly cluster: string; readonly service: string };

/** The service's deployments in the ECS console of its Region's partition. */
export function consoleUrl({ region, cluster, service }: ConsolePlace): string {
  const path = `/ecs/v2/clusters/${encodeURIComponent(cluster)}/services/${encodeURIComponent(service)}/deployments`;
  return `https://${hostFor(region)}${path}?region=${encodeURIComponent(region)}`;
}

function hostFor(region: string): string {
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return 'console.amazonaws-us-gov.com';
  return `${region}.console.aws.amazon.com`;
}
