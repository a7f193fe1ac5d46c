import { DescribeServiceRevisionsCommand, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import type { Bench } from '@/conformance/bench';
import { type Group, holds, matches, same } from '@/conformance/check';
import { firstRollout, settled } from './rollout';

const primaryId = (service: { readonly deployments?: readonly { readonly id?: string; readonly status?: string }[] }) =>
  service.deployments?.find(({ status }) => status === 'PRIMARY')?.id;

/** A service with two deployments that ended well. */
const twice = (bench: Bench) =>
  bench.once('two service deployments', async () => {
    const { family } = await firstRollout(bench, 'recorded');
    const { taskDefinitionArn = '' } = await bench.register(family);
    const updated = await bench.update('recorded', taskDefinitionArn);
    await settled(bench, 'recorded', { id: primaryId(updated) });
    const found = await bench.until(
      'two successful service deployments',
      () => bench.deployments('recorded'),
      (list) => list.length === 2 && list.every(({ status }) => status === 'SUCCESSFUL'),
    );
    return { newest: found[0], oldest: found[1], taskDefinitionArn };
  });

/** A service whose deployment under way was replaced by a third. */
const superseded = (bench: Bench) =>
  bench.once('a superseded service deployment', async () => {
    const { family } = await firstRollout(bench, 'superseded');
    const second = await bench.register(family);
    await bench.update('superseded', second.taskDefinitionArn ?? '');
    const third = await bench.register(family);
    const updated = await bench.update('superseded', third.taskDefinitionArn ?? '');
    await settled(bench, 'superseded', { id: primaryId(updated) });
    return bench.until(
      'three ended service deployments',
      () => bench.deployments('superseded'),
      (list) => list.length === 3 && list.every(({ finishedAt }) => finishedAt !== undefined),
    );
  });

export const serviceDeployments: Group = {
  title: 'service deployments',
  checks: [
    {
      name: 'records each deployment, newest first, with its times',
      run: async (bench) => {
        const { newest, oldest } = await twice(bench);
        matches('ARN', newest?.serviceDeploymentArn, /:service-deployment\/.+\/recorded\/[\w-]{20,24}$/);
        const times = [oldest?.createdAt, oldest?.finishedAt, newest?.createdAt, newest?.startedAt, newest?.finishedAt];
        const rising = times.every((time, index) => index === 0 || Number(time) >= Number(times[index - 1]));
        holds('rising times', rising, times);
      },
    },
    {
      name: 'names the service revisions it comes from and goes to',
      run: async (bench) => {
        const { newest, oldest } = await twice(bench);
        same(
          'source',
          newest?.sourceServiceRevisions?.map(({ arn }) => arn),
          [oldest?.targetServiceRevision?.arn],
        );
        matches('target', newest?.targetServiceRevision?.arn, /:service-revision\/.+\/recorded\/\d+$/);
      },
    },
    {
      name: 'freezes in a service revision what ran: task definition, image and digest',
      run: async (bench) => {
        const { newest, taskDefinitionArn } = await twice(bench);
        const arns = [newest?.targetServiceRevision?.arn ?? ''];
        const answer = await bench.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }));
        const revision = answer.serviceRevisions?.[0];
        same('task definition', revision?.taskDefinition, taskDefinitionArn);
        const image = revision?.containerImages?.find(({ containerName }) => containerName === 'app');
        same('image', image?.image, bench.place.image);
        matches('digest', image?.imageDigest, /^sha256:[0-9a-f]{64}$/);
      },
    },
    {
      name: 'lists by status',
      run: async (bench) => {
        await twice(bench);
        const cluster = await bench.cluster();
        const listed = async (status: 'SUCCESSFUL' | 'STOPPED') => {
          const input = { cluster, service: 'recorded', status: [status] };
          return (await bench.ecs.send(new ListServiceDeploymentsCommand(input))).serviceDeployments?.length;
        };
        same('SUCCESSFUL and STOPPED', [await listed('SUCCESSFUL'), await listed('STOPPED')], [2, 0]);
      },
    },
    {
      name: 'stops one under way when a newer begins, and ends the newer well',
      run: async (bench) => {
        const statuses = (await superseded(bench)).map(({ status }) => status);
        same('newest first', statuses, ['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL']);
      },
    },
  ],
};
