import type { PlanBody } from '@/lib/domain/plan-body';

/** A word of a POSIX shell command that means exactly `text`. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Members AWS returns on describe and refuses on register. */
const ECS_OWNED =
  '.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy, .deregisteredAt, .deleteRequestedAt';

/** jq that turns what describe answers into what register takes, with the given images. */
function edit(images: Readonly<Record<string, string>>): string {
  const pins =
    Object.keys(images).length === 0
      ? ''
      : ` | .containerDefinitions |= map(.image = (${JSON.stringify(images)}[.name] // .image))`;
  return [
    '([.tags[]? | select((.key | test("^(aws|ecs-rollback):"; "i")) or (.value | test("^aws:"; "i")) | not)]) as $t',
    '| .taskDefinition',
    `| del(${ECS_OWNED})${pins}`,
    '| if $t == [] then . else .tags = $t end',
  ].join(' ');
}

/**
 * AWS CLI commands that do exactly what the plan would do, for the day this tool cannot. Values come from AWS when they
 * are run; none stands in them. The first line names account, Region and the oldest CLI that loses nothing; `jq` 1.6 does.
 */
export function byHand(plan: PlanBody): readonly string[] {
  const region = `--region ${shellWord(plan.region)}`;
  const where = `# account ${plan.account ?? 'of your credentials'}, ${plan.region}; needs ${plan.cli}${plan.kind === 'stop' ? '' : ' and jq'}`;
  if (plan.kind === 'stop') {
    return [
      where,
      `aws ecs stop-service-deployment ${region} --service-deployment-arn ${shellWord(plan.stopArn ?? '')} --stop-type ROLLBACK`,
    ];
  }
  return [
    where,
    `aws ecs describe-task-definition ${region} --task-definition ${shellWord(plan.sourceArn ?? '')} --include TAGS > old.json`,
    `jq ${shellWord(edit(plan.images))} old.json > new.json`,
    `NEW=$(aws ecs register-task-definition ${region} --cli-input-json file://new.json --query taskDefinition.taskDefinitionArn --output text)`,
    `aws ecs update-service ${region} --cluster ${shellWord(plan.cluster)} --service ${shellWord(plan.service)} --task-definition "$NEW"`,
    `aws ecs describe-services ${region} --cluster ${shellWord(plan.cluster)} --services ${shellWord(plan.service)} --query 'services[0].deployments'`,
  ];
}

/** The same with placeholders, for people who cannot sign in. */
export const BY_HAND_WITHOUT_THIS_TOOL: readonly string[] = byHand({
  kind: 'copy',
  region: 'REGION',
  account: null,
  cli: 'AWS CLI 2.22.19 or newer',
  cluster: 'CLUSTER',
  service: 'SERVICE',
  sourceArn: 'FAMILY:REVISION',
  images: {},
} as PlanBody);
