import { describe, expect, it } from 'vitest';
import { NOW, serviceDeployment } from './fixtures';
import { returnUnderWay } from './returning';

const older = serviceDeployment('api:419', NOW - 3_000);
const good = serviceDeployment('api:421', NOW - 2_000);
const left = serviceDeployment('api:428', NOW - 1_000, {
  status: 'ROLLBACK_IN_PROGRESS',
  sourceServiceRevisionArns: [good.serviceRevisionArn],
});

describe('the return under way', () => {
  it('leads to what the deployment started from, where that is one', () => {
    expect(returnUnderWay([left, good, older])).toEqual({ left, to: good });
    const two = { ...left, sourceServiceRevisionArns: [good.serviceRevisionArn, older.serviceRevisionArn] };
    expect(returnUnderWay([two, good, older])).toEqual({ left: two, to: null });
  });

  it('leads to where ECS says, once it does', () => {
    const told = { ...left, sourceServiceRevisionArns: [], returnsToArn: older.serviceRevisionArn };
    expect(returnUnderWay([told, good, older])).toEqual({ left: told, to: older });
  });

  it('leads to nothing that can be named where its definition was not read', () => {
    const silent = { ...good, taskDefinitionArn: null };
    expect(returnUnderWay([left, silent])).toEqual({ left, to: null });
  });

  it('is none before it begins, once it has ended, and once a newer deployment has begun', () => {
    expect(returnUnderWay([{ ...left, status: 'IN_PROGRESS' }, good])).toBeNull();
    expect(returnUnderWay([{ ...left, status: 'ROLLBACK_SUCCESSFUL' }, good])).toBeNull();
    const newer = serviceDeployment('api:430', NOW, { status: 'IN_PROGRESS' });
    expect(returnUnderWay([newer, left, good])).toBeNull();
  });
});
