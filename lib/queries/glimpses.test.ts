import { describe, expect, it } from 'vitest';
import type { Aws } from '@/lib/aws/clients';
import * as fixtures from '@/lib/domain/fixtures';
import type { RunningImages, Service } from '@/lib/domain/service';
import type { NamedRevision } from '@/lib/domain/version-name';
import { ok } from '@/lib/result';
import { createGlimpses } from './glimpses';

const ARN = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/api:428';
const REVISION = 'arn:aws:ecs:eu-west-1:111111111111:service-revision/notify/api/1';

const serviceOf = (serviceRevisionArns: readonly string[]): Service =>
  fixtures.service({ taskDefinitionArn: ARN, serviceRevisionArns, loadBalancers: [] });

function glimpsesOf(images: RunningImages['images'], taskDefinitionArn = ARN) {
  const asked: (readonly string[])[] = [];
  const reader = {
    runningImages: async (arns: readonly string[]) => {
      asked.push(arns);
      return ok(new Map(arns.map((arn) => [arn, { arn, taskDefinitionArn, images }])));
    },
  };
  return { asked, glimpses: createGlimpses({ reader: () => reader } as unknown as Pick<Aws, 'reader'>) };
}

const APP = { container: 'web', image: 'registry.example/api:release-1123' };
const PROXY = { container: 'proxy', image: 'registry.example/proxy:4' };

async function knownOf(
  images: RunningImages['images'],
  service: Service,
  taskDefinitionArn = ARN,
): Promise<NamedRevision | null> {
  const { glimpses } = glimpsesOf(images, taskDefinitionArn);
  await glimpses.look(fixtures.TARGET, [service], true);
  return glimpses.known(fixtures.TARGET, service);
}

describe('a glimpse of what runs', () => {
  it('names a version by the image of its one container', async () => {
    const seen = await knownOf([APP], serviceOf([REVISION]));
    expect(seen?.shown.containerDefinitions).toEqual([{ name: 'web', image: APP.image }]);
    expect([seen?.family, seen?.number]).toEqual(['api', 428]);
  });

  it('names none by one of several where only the order of the definition would tell which', async () => {
    expect(await knownOf([PROXY, APP], serviceOf([REVISION]))).toBeNull();
    expect(await knownOf([PROXY, { ...APP, container: 'api' }], serviceOf([REVISION]))).not.toBeNull();
  });

  it('names none while one service revision replaces another, nor by that of another definition', async () => {
    expect(await knownOf([APP], serviceOf([REVISION, `${REVISION}2`]))).toBeNull();
    expect(await knownOf([APP], serviceOf([REVISION]), `${ARN}9`)).toBeNull();
  });

  it('asks for twenty at a time, and for what is left over only where nothing follows', async () => {
    const { glimpses, asked } = glimpsesOf([APP]);
    const services = Array.from({ length: 25 }, (_, index) => serviceOf([`${REVISION}${index}`]));
    await glimpses.look(fixtures.TARGET, services, false);
    expect(asked.map(({ length }) => length)).toEqual([20]);
    await glimpses.look(fixtures.TARGET, services, true);
    await glimpses.look(fixtures.TARGET, services, true);
    expect(asked.map(({ length }) => length)).toEqual([20, 5]);
  });
});
