import type { CompositeAlarm, DescribeAlarmsOutput, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '@/simulator/aws-error';
import type { Call, Input, Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { optionalText, texts } from '@/simulator/input';
import { page } from '@/simulator/page';
import type { Alarm } from './state';

/** A list that a form sends as an empty text where it is empty. */
const names = (input: Input, member: string): readonly string[] => (input[member] === '' ? [] : texts(input, member));

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

/**
 * DescribeAlarms: composite alarms only where `AlarmTypes` asks for them.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html}
 */
export const describeAlarms: Operation = (call, input): DescribeAlarmsOutput => {
  const wanted = names(input, 'AlarmNames');
  const types = names(input, 'AlarmTypes');
  const prefix = optionalText(input, 'AlarmNamePrefix') ?? '';
  const state = optionalText(input, 'StateValue');
  if (wanted.length > 100) throw invalid('AlarmNames must have at most 100 members.');
  if (wanted.length > 0 && prefix !== '') throw invalid('AlarmNames and AlarmNamePrefix exclude each other.');
  const asked = types.length === 0 ? ['MetricAlarm'] : types;
  const found = [...call.region.alarms.values()]
    .filter(({ composite }) => asked.includes(composite ? 'CompositeAlarm' : 'MetricAlarm'))
    .filter(({ name }) => (wanted.length === 0 || wanted.includes(name)) && name.startsWith(prefix))
    .filter((alarm) => state === null || alarm.state === state)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(found, ({ name }) => name, input, {
    size: 50,
    most: 100,
    tokenMember: 'NextToken',
    sizeMember: 'MaxRecords',
    refuse: () => new AwsError('InvalidNextToken', 'The next token specified is invalid.'),
  });
  return {
    CompositeAlarms: items.filter(({ composite }) => composite).map((alarm) => compositeAlarm(call, alarm)),
    MetricAlarms: items.filter(({ composite }) => !composite).map((alarm) => metricAlarm(call, alarm)),
    ...(nextToken !== null && { NextToken: nextToken }),
  };
};

const bothKinds = (call: Call, { name, arn, state, updatedAt }: Alarm) => ({
  AlarmName: name,
  AlarmArn: arn,
  ActionsEnabled: true,
  OKActions: [],
  AlarmActions: [],
  InsufficientDataActions: [],
  StateValue: state,
  StateReason: state === 'ALARM' ? 'Threshold Crossed' : 'Threshold not crossed',
  StateUpdatedTimestamp: dateOf(call.world, updatedAt),
  AlarmConfigurationUpdatedTimestamp: dateOf(call.world, updatedAt),
});

const compositeAlarm = (call: Call, alarm: Alarm): CompositeAlarm => ({
  ...bothKinds(call, alarm),
  AlarmRule: `ALARM("${alarm.metric}")`,
});

const metricAlarm = (call: Call, alarm: Alarm): MetricAlarm => ({
  ...bothKinds(call, alarm),
  MetricName: alarm.metric,
  Namespace: 'AWS/ApplicationELB',
  Statistic: 'Sum',
  Dimensions: [],
  Period: 60,
  EvaluationPeriods: 3,
  Threshold: THRESHOLD,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
});

/** Above this an alarm fires. */
export const THRESHOLD = 10;
