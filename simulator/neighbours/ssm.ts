import type { DescribeParametersResult } from '@aws-sdk/client-ssm';
import { AwsError } from '@/simulator/aws-error';
import type { Input, Operation } from '@/simulator/call';
import { dateOf } from '@/simulator/clock';
import { list, optionalText, text, texts } from '@/simulator/input';
import { page } from '@/simulator/page';
import type { Parameter } from './state';

/**
 * DescribeParameters, without their values; filtered by name or type. One that is missing is simply not there.
 *
 * @see {@link https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html}
 */
export const describeParameters: Operation = (call, input): DescribeParametersResult => {
  const filters = (list(input, 'ParameterFilters') as readonly Input[]).map(filterOf);
  const found = [...call.region.parameters.values()]
    .filter((parameter) => filters.every((passes) => passes(parameter)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(found, ({ name }) => name, input, {
    size: 10,
    most: 50,
    tokenMember: 'NextToken',
    sizeMember: 'MaxResults',
    refuse: (message) => new AwsError('ValidationException', message),
  });
  return {
    Parameters: items.map((parameter) => ({
      Name: parameter.name,
      ARN: parameter.arn,
      Type: parameter.kind,
      LastModifiedDate: dateOf(call.world, parameter.modifiedAt),
      LastModifiedUser: `arn:aws:iam::${call.region.account}:user/terraform`,
      Version: parameter.version,
      Tier: 'Standard',
      Policies: [],
      DataType: 'text',
    })),
    ...(nextToken !== null && { NextToken: nextToken }),
  };
};

function filterOf(filter: Input): (parameter: Parameter) => boolean {
  const key = text(filter, 'Key');
  const option = optionalText(filter, 'Option') ?? 'Equals';
  const values = texts(filter, 'Values');
  const of = key === 'Name' ? nameOf : key === 'Type' ? typeOf : null;
  const test = Object.hasOwn(TESTS, option) ? TESTS[option] : undefined;
  if (of === null) throw new AwsError('InvalidFilterKey', `The following filter key is not valid: ${key}.`);
  if (!test) throw new AwsError('InvalidFilterOption', `The following filter option is not valid: ${option}.`);
  return (parameter) => values.some((value) => test(of(parameter), value));
}

const nameOf = ({ name }: Parameter): string => name;
const typeOf = ({ kind }: Parameter): string => kind;

const TESTS: Readonly<Record<string, (found: string, wanted: string) => boolean>> = {
  Equals: (found, wanted) => found === wanted,
  BeginsWith: (found, wanted) => found.startsWith(wanted),
  Contains: (found, wanted) => found.includes(wanted),
};
