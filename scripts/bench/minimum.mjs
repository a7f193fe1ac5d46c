// The fewest calls of AWS that can tell what a page tells, counted in the simulated world itself.

const DAY_MS = 86_400_000;
/** What one call lists, and what one call describes of services and of deployments with what they deployed. */
const LISTED = 100;
const SERVICES = 10;
const DEPLOYMENTS = 20;
/** Deployments of a service an overview looks at. */
const RECENT = 20;
/** Rows of a page of versions. */
const ROWS = 25;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const calls = (count, size) => Math.ceil(count / size);

/** Of an overview: one sweep, what runs in every service, and of services that changed within a day what ran before. */
export function ofOverview(regions) {
  const changed = regions.map(({ services }) =>
    Object.values(services).filter(({ serviceDeployments }) =>
      serviceDeployments.some(({ createdAt }) => createdAt > Date.now() - DAY_MS),
    ),
  );
  const changes = sum(changed.map(({ length }) => length));
  const described = changed.map((services) =>
    sum(services.map(({ serviceDeployments }) => Math.min(RECENT, serviceDeployments.length))),
  );
  const sweep = ofSweep(regions);
  return {
    sweep,
    // Of each service its definition; of each that changed also the one before, a list, and what its registry has.
    whole:
      sweep + sum(regions.map(servicesIn)) + 3 * changes + 2 * sum(described.map((count) => calls(count, DEPLOYMENTS))),
    // Definitions and finished deployments are in the database.
    restarted: sweep + 2 * changes,
  };
}

const servicesIn = ({ services }) => Object.keys(services).length;

/** Lists of clusters, lists of their services, these in tens. */
function ofSweep(regions) {
  const counts = regions.flatMap(({ clusters, services }) =>
    Object.keys(clusters).map(
      (cluster) => Object.values(services).filter((service) => service.cluster === cluster).length,
    ),
  );
  return regions.length + sum(counts.map((count) => Math.max(1, calls(count, LISTED)) + calls(count, SERVICES)));
}

/**
 * Of a service's page: itself, its deployments with what they deployed, its family in three lists, one call for each
 * revision shown, one for its registry.
 */
export function ofServicePage(region, { cluster, service }) {
  const { serviceDeployments } = region.services[`${cluster}/${service}`];
  const { revisions } = region.families[service];
  const rows = Math.min(ROWS, Object.keys(revisions).length);
  return (
    1 + calls(serviceDeployments.length, LISTED) + 2 * calls(serviceDeployments.length, DEPLOYMENTS) + 3 + rows + 1
  );
}

/** Of a plan: service, deployments, both definitions, alarms, and one call for each thing the definition leans on. */
export function ofPlan(region, { cluster, service }) {
  const { serviceDeployments, taskDefinition } = region.services[`${cluster}/${service}`];
  const { definition } = region.families[service].revisions[taskDefinition.split(':').at(-1)];
  const { containerDefinitions, taskRoleArn, executionRoleArn } = definition;
  const images = new Set(containerDefinitions.map(({ image }) => image.replace(/:[^:/]*$/, '')));
  const groups = new Set(
    containerDefinitions.map(({ logConfiguration }) => logConfiguration?.options?.['awslogs-group']),
  );
  const secrets = new Set(
    containerDefinitions.flatMap(({ secrets: kept = [] }) => kept.map(({ valueFrom }) => valueFrom)),
  );
  const roles = new Set([taskRoleArn, executionRoleArn].filter(Boolean));
  const leaning = images.size + groups.size + secrets.size + roles.size;
  return 1 + calls(serviceDeployments.length, LISTED) + 2 * calls(serviceDeployments.length, DEPLOYMENTS) + 2 + leaning;
}

/**
 * Of a press: everything of a plan once more but for finished deployments, then the source described again, one
 * registration, one last look at the service, one change.
 */
export const ofPress = (region, place) => ofPlan(region, place) - 2 + 4;
