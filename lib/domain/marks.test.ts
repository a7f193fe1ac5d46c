import { describe, expect, it } from 'vitest';
import { arnOf, DIGESTS, digestOf, mark, pastRollback } from './fixtures';
import { marksOn } from './marks';

describe('marks of a version', () => {
  const marks = [mark()];

  it('are those set on it, and on no other', () => {
    expect(marksOn({ marks, past: [] }, { arn: arnOf('api:421') })).toEqual(marks);
    expect(marksOn({ marks, past: [] }, { arn: arnOf('api:419') })).toEqual([]);
  });

  it('are shared by a copy and what it is a copy of', () => {
    const past = [pastRollback()];
    expect(marksOn({ marks, past }, { arn: arnOf('api:429') })).toEqual(marks);
    const onCopy = [mark({ taskDefinitionArn: arnOf('api:429') })];
    expect(marksOn({ marks: onCopy, past }, { arn: arnOf('api:421') })).toEqual(onCopy);
  });

  it('are none of the same revision with other images, as far as these are known', () => {
    const arn = arnOf('api:421');
    expect(marksOn({ marks, past: [] }, { arn, digests: DIGESTS.get('api:421') ?? new Map() })).toEqual(marks);
    expect(marksOn({ marks, past: [] }, { arn, digests: new Map([['app', digestOf('other')]]) })).toEqual([]);
    expect(marksOn({ marks, past: [] }, { arn, digests: new Map([['other', digestOf('other')]]) })).toEqual(marks);
  });
});
