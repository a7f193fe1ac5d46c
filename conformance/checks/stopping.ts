import { type ServiceDeployment, StopServiceDeploymentCommand } from '@aws-sdk/client-ecs';
import { type Bench, container, present, UNPULLABLE } from '@/conformance/bench';
import { type Group, holds, refuses, same } from '@/conformance/check';
import { firstRollout } from './rollout';

const stop = (bench: Bench, { serviceDeploymentArn }: ServiceDeployment) =>
  bench.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));

/** A deployment that can never end by itself, stopped twice on its way. */
const stopped = (bench: Bench) =>
  bench.once('a stopped service deployment', async () => {
    const { family, service: before } = await firstRollout(bench, 'stopping');
    const hanging = await bench.register(family, {
      containerDefinitions: [{ ...container(bench.place), image: UNPULLABLE }],
    });
    await bench.update('stopping', hanging.taskDefinitionArn ?? '');
    const [found] = await bench.until(
      'a service deployment in progress',
      () => bench.deployments('stopping'),
      (list) => list.length === 2 && list[0]?.status === 'IN_PROGRESS',
    );
    const record = present(found, 'a service deployment');
    const answer = await stop(bench, record);
    const [asked] = await bench.deployments('stopping');
    const again = await stop(bench, record);
    const [ended] = await bench.until(
      'the end of the return',
      () => bench.deployments('stopping'),
      ([newest]) => newest?.finishedAt !== undefined,
    );
    const after = await bench.until(
      'one deployment left',
      () => bench.service('stopping'),
      ({ deployments = [] }) => deployments.length === 1,
    );
    return { before, record, answer, again, asked, ended: present(ended, 'a service deployment'), after };
  });

const RETURNING = ['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL'];

export const stopping: Group = {
  title: 'stopping a service deployment',
  checks: [
    {
      name: 'answers with its ARN and begins to return',
      run: async (bench) => {
        const { record, answer, asked } = await stopped(bench);
        same('ARN', answer.serviceDeploymentArn, record.serviceDeploymentArn);
        holds('returning', RETURNING.includes(asked?.status ?? ''), asked?.status);
      },
    },
    {
      name: 'may be asked twice',
      run: async (bench) => {
        const { record, again } = await stopped(bench);
        same('ARN', again.serviceDeploymentArn, record.serviceDeploymentArn);
      },
    },
    {
      name: 'ends ROLLBACK_SUCCESSFUL on the service revision before',
      run: async (bench) => {
        const { ended } = await stopped(bench);
        same('status', ended.status, 'ROLLBACK_SUCCESSFUL');
        same('revision', ended.rollback?.serviceRevisionArn, ended.sourceServiceRevisions?.[0]?.arn);
      },
    },
    {
      name: 'leaves the service on the revision and the deployment before',
      run: async (bench) => {
        const { before, after } = await stopped(bench);
        same('revision', after.taskDefinition, before.taskDefinition);
        same('deployment', after.deployments?.[0]?.id, before.deployments?.[0]?.id);
        same('running', after.runningCount, 1);
      },
    },
    {
      name: 'is refused for one that has finished',
      run: async (bench) => {
        const { ended } = await stopped(bench);
        await refuses(() => stop(bench, ended), ['ConflictException', 'InvalidParameterException', 'ClientException']);
      },
    },
  ],
};
