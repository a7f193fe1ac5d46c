import { expect, it } from 'vitest';
import { apiDefinition, NOW, revisionOf, service, serviceDeployment, TARGET } from '@/lib/domain/fixtures';
import { historyOf } from '@/lib/domain/history';
import { summaryOf } from '@/lib/domain/revision-summary';
import { ok } from '@/lib/result';
import type { Family } from './family';
import type { ServiceContext } from './service-context';
import { versionPage } from './version-rows';

const HOUR = 3_600_000;
const NONE = { numbers: [], token: null };
const FAMILY = {
  ACTIVE: { numbers: [428, 421, 12], token: null },
  INACTIVE: NONE,
  DELETE_IN_PROGRESS: NONE,
} as unknown as Family;

/** What a page needs of a service whose revisions are described at once and whose registry stays silent. */
function contextOf(names: readonly string[]): ServiceContext {
  const deployments = names.map((name, index) => serviceDeployment(name, NOW - (index + 1) * HOUR));
  const history = ok(historyOf({ deployments, past: [], stops: [], at: NOW }));
  const summary = (arn: string) => ok({ ...summaryOf(revisionOf(apiDefinition(421))), arn });
  const reads = {
    summaries: async (_target: unknown, arns: readonly string[]) => new Map(arns.map((arn) => [arn, summary(arn)])),
    knownSummary: () => null,
    image: { get: async () => null },
  };
  return {
    target: TARGET,
    service: service(),
    known: { history, deployments: ok(deployments), good: null, past: [], marks: [] },
    application: { reads },
    now: NOW,
    left: () => 1_000,
  } as unknown as ServiceContext;
}

it('what ran here is shown newest first, and what ran of other families after it, on the first page alone', async () => {
  const context = contextOf(['api:428', 'admin:12', 'api:421']);
  const names = async (older?: string) =>
    (await versionPage(context, FAMILY, { show: 'ran', ...(older !== undefined && { older }) })).rows.map(
      ({ revision, forward }) => [revision, forward],
    );
  expect(await names()).toEqual([
    ['api:428', false],
    ['api:421', false],
    ['admin:12', false],
  ]);
  expect(await names('428')).toEqual([['api:421', false]]);
});
