import { CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { expect, test } from './fixtures';
import { notify, serviceAt } from './places';
import { press } from './press';

const LONG_NAME = `longest-${'x'.repeat(243)}-end`;
const END = 'this-is-the-end';
/** As long as a tag may be. */
const LONG_TAG = `${'v'.repeat(128 - END.length)}${END}`;
const MARKUP = '<img src=x onerror=alert(1)>';

/** A service none of whose images has a tag. */
const UNTAGGED = 'without-tags';
const DETAILS = `${MARKUP} 🔥 שלום ${'z'.repeat(300)}`;

const ecsAt = (endpoint: string): ECSClient =>
  new ECSClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIA111111111111DEMO', secretAccessKey: 'any' },
  });

test('names as long as AWS allows, foreign directions, pictures and markup break no page', async ({
  page,
  signIn,
  world,
  around,
}) => {
  test.slow();
  const ecs = ecsAt(around.simulator);
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: LONG_NAME,
      executionRoleArn: 'arn:aws:iam::111111111111:role/notify-execution',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '1024',
      memory: '2048',
      containerDefinitions: Array.from({ length: 10 }, (_, index) => ({
        name: index === 0 ? LONG_NAME : `sidecar-${index}-${'y'.repeat(60)}`,
        image: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api:${LONG_TAG}`,
        environment: [
          { name: `שם_משתנה_${index}`, value: 'ערך' },
          { name: `🔥${MARKUP}`, value: MARKUP },
        ],
      })),
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'notify',
      serviceName: LONG_NAME,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    }),
  );
  await world.aws.deploy({ ...notify('production', LONG_NAME), image: `notifications-api:${LONG_TAG}` });
  const { taskDefinition: untagged } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: UNTAGGED,
      containerDefinitions: ['app', 'nginx'].map((name) => ({
        name,
        memory: 64,
        image: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api@sha256:${'ab12cd34'.repeat(8)}`,
      })),
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'notify',
      serviceName: UNTAGGED,
      taskDefinition: untagged?.taskDefinitionArn,
      desiredCount: 1,
    }),
  );
  ecs.destroy();

  const alerts: string[] = [];
  page.on('dialog', (dialog) => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
  await signIn('operator', `${serviceAt('canary')}/rollback?to=canary:16`);
  await page.getByLabel(/^Details/).fill(DETAILS);
  await press(page, 'canary');
  await expect(page).toHaveURL(/\/rollbacks\/rb-/);
  const rollback = new URL(page.url()).pathname;
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const address of [
      `/services?show=all&q=${LONG_NAME}`,
      serviceAt(LONG_NAME),
      `${serviceAt(LONG_NAME)}/revisions/${LONG_NAME}%3A1`,
      `${serviceAt(LONG_NAME)}/compare?from=${LONG_NAME}:2&to=${LONG_NAME}:1`,
      `${serviceAt(LONG_NAME)}/rollback?to=${LONG_NAME}:1`,
      serviceAt(UNTAGGED),
      `${serviceAt(UNTAGGED)}/revisions/${UNTAGGED}%3A1`,
      rollback,
      '/record',
      `/services?q=${encodeURIComponent(MARKUP)}`,
      `/go?q=${encodeURIComponent(`arn:aws:ecs:eu-west-2:444444444444:service/${LONG_NAME}`)}`,
    ]) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
      expect([address, scrollWidth]).toEqual([address, clientWidth]);
    }
    await page.goto(serviceAt(UNTAGGED));
    await expect(page.getByRole('region', { name: 'Running now' })).toContainText('sha256:ab12cd34');
    // The end of a tag tells two releases apart: it is there, and in sight of whoever scrolls down to it.
    await page.goto(serviceAt(LONG_NAME));
    const name = page.getByRole('region', { name: 'Running now' }).getByText(new RegExp(`${END} \\(2\\)$`));
    await name.scrollIntoViewIfNeeded();
    const { clipped } = await name.evaluate((element) => ({
      clipped: element.scrollWidth > element.clientWidth + 1 || getComputedStyle(element).textOverflow === 'ellipsis',
    }));
    expect(clipped).toBe(false);
  }
  expect(alerts).toEqual([]);
});
