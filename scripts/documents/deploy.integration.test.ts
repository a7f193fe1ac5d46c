import { ECSClient, RegisterTaskDefinitionCommand, type RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { expect, it } from 'vitest';
import taskDefinition from '@/docs/deploy/task-definition.json';
import { startSimulator } from '@/simulator/start';

it('The task definition of the dashboard is one that ECS registers', async () => {
  const simulator = await startSimulator({ port: 0, scenario: 'empty' });
  const credentials = { accessKeyId: 'AKIA123456789012DEMO', secretAccessKey: 'any' };
  const ecs = new ECSClient({ endpoint: simulator.url, region: 'eu-west-1', credentials });
  try {
    const text = JSON.stringify(taskDefinition).replaceAll('ACCOUNT', '123456789012').replaceAll('REGION', 'eu-west-1');
    const input = JSON.parse(text) as RegisterTaskDefinitionCommandInput;
    const { taskDefinition: registered } = await ecs.send(new RegisterTaskDefinitionCommand(input));
    expect(registered).toMatchObject({ family: 'ecs-rollback', revision: 1, compatibilities: ['EC2', 'FARGATE'] });
  } finally {
    ecs.destroy();
    await simulator.close();
  }
});
