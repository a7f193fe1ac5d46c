import { createHash } from 'node:crypto';
import type { GetMetricDataOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '@/simulator/aws-error';
import type { Call, Input, Operation } from '@/simulator/call';
import { worldTime } from '@/simulator/clock';
import { list, optionalNumber, optionalStructure, optionalText, text } from '@/simulator/input';
import { THRESHOLD } from './cloudwatch';

const MOST_VALUES = 100_800;

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

/**
 * GetMetricData of plain metrics, no expressions. Values are the same whenever they are asked for: quiet ones, and
 * errors above the threshold while an alarm on the metric fires.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html}
 */
export const getMetricData: Operation = (call, input): GetMetricDataOutput => {
  const start = momentOf(input, 'StartTime');
  const end = momentOf(input, 'EndTime');
  if (start >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  const newestFirst = (optionalText(input, 'ScanBy') ?? 'TimestampDescending') === 'TimestampDescending';
  const results = (list(input, 'MetricDataQueries') as readonly Input[]).map((query) =>
    resultOf(call, query, { start, end, newestFirst }),
  );
  return { MetricDataResults: results, Messages: [] };
};

/** Epoch seconds in JSON, ISO 8601 in a form. */
function momentOf(input: Input, member: string): number {
  const given = input[member];
  const moment = typeof given === 'number' ? given * 1000 : Date.parse(text(input, member));
  if (!Number.isFinite(moment)) throw invalid(`The parameter ${member} is not a time.`);
  return moment;
}

type Span = { readonly start: number; readonly end: number; readonly newestFirst: boolean };

function resultOf(call: Call, query: Input, { start, end, newestFirst }: Span): MetricDataResult {
  const stat = optionalStructure(query, 'MetricStat');
  if (stat === null) throw invalid('Expressions are not imitated.');
  const metric = optionalStructure(stat, 'Metric') ?? {};
  const name = text(metric, 'MetricName');
  const periodMs = (optionalNumber(stat, 'Period') ?? 60) * 1000;
  if (periodMs < 1000) throw invalid('The period must be at least one second.');
  const first = Math.ceil(start / periodMs) * periodMs;
  const count = Math.max(0, Math.ceil((end - first) / periodMs));
  if (count > MOST_VALUES) throw invalid(`More than ${MOST_VALUES} values.`);
  const rising = Array.from({ length: count }, (_, index) => first + index * periodMs);
  const times = newestFirst ? rising.reverse() : rising;
  const seed = JSON.stringify(metric);
  return {
    Id: text(query, 'Id'),
    Label: optionalText(query, 'Label') ?? name,
    Timestamps: times.map((time) => new Date(time)),
    Values: times.map((time) => valueAt(call, { name, seed }, time)),
    StatusCode: 'Complete',
  };
}

function valueAt(call: Call, { name, seed }: { readonly name: string; readonly seed: string }, time: number): number {
  const noise = createHash('sha256').update(`${seed} ${time}`).digest().readUInt16BE() / 65_536;
  if (!/5XX|Error|Unhealthy/i.test(name)) return Math.round((30 + noise * 15) * 100) / 100;
  const at = worldTime(call.world, time);
  const firing = [...call.region.alarms.values()].some(
    ({ metric, state, updatedAt }) => metric === name && state === 'ALARM' && at >= updatedAt,
  );
  return firing ? THRESHOLD * 4 + Math.floor(noise * 40) : Math.floor(noise * 3);
}
