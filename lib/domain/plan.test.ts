import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { ok } from '@/lib/result';
import { lastPart } from './arn';
import { objections } from './checks/run-checks';
import type { RollbackFacts } from './facts';
import {
  apiDefinition,
  arnOf,
  asRevision,
  DEPLOYMENTS,
  DIGESTS,
  deployment,
  digestOf,
  facts,
  NOW,
  pastRollback,
  registryImage,
  revisionOf,
  service,
  serviceDeployment,
  unread,
  wish,
} from './fixtures';
import { FAMILIES } from './fixtures/families';
import { planFrom, returnOf } from './plan';
import type { Plan, Planned } from './plan-shape';
import type { ServiceDeployment } from './service';

const HOUR = 3_600_000;
const DAY = 86_400_000;

function planOf(change: Partial<RollbackFacts> = {}): Plan {
  const planned = planFrom(facts(change));
  if (planned.kind !== 'plan') throw new Error(`no plan but ${JSON.stringify(planned)}`);
  return planned.plan;
}

function choiceOf(change: Partial<RollbackFacts> = {}): Extract<Planned, { kind: 'choose-bring' }> {
  const planned = planFrom(facts(change));
  if (planned.kind !== 'choose-bring') throw new Error(`no choice but ${planned.kind}`);
  return planned;
}

/** 421 of the story with another image alone: what a worker's release changes. */
const onlyImages = (): Partial<RollbackFacts> => {
  const newer = apiDefinition(428);
  const containerDefinitions = (newer.containerDefinitions ?? []).map((container) =>
    container.name === 'app' ? { ...container, image: apiDefinition(421).containerDefinitions?.[1]?.image } : container,
  );
  return { wanted: ok(revisionOf(asRevision({ ...newer, containerDefinitions }, 421))) };
};

const EVERYTHING = { wish: wish({ bring: 'everything' }) } as const;
const IMAGES = { wish: wish({ bring: 'images' }) } as const;

describe('a wish', () => {
  it('for no version leads to the choice of one', () => {
    expect(planFrom(facts({ wish: wish({ to: null }) }))).toEqual({ kind: 'choose-version' });
  });

  it.each([
    ['the version wanted', { wanted: unread({ words: 'ClientException: gone.' }) }, 421],
    ['the running version', { running: unread({ words: 'ClientException: gone' }) }, 428],
  ])('where %s cannot be read leads to no plan, and names it', (_which, change, number) => {
    expect(planFrom(facts(change))).toEqual({
      kind: 'unreadable',
      words: `Revision ${number} cannot be read, so it cannot be copied: ClientException: gone.`,
    });
  });
});

describe('what to bring back', () => {
  it('is asked where anything but images differs, and nothing is chosen for anybody', () => {
    const choice = choiceOf();
    expect(choice.cards).toEqual([
      { bring: 'images', unusable: null, lines: ['Image changes in app; nginx keeps the same image.'] },
      {
        bring: 'everything',
        unusable: null,
        lines: ['Also goes back: 2 environment variables, 1 secret, memory.'],
      },
    ]);
    expect(choice.changes).toHaveLength(5);
    expect([choice.from.name, choice.to.name]).toEqual(['release-1123 (428)', 'release-1119 (421)']);
  });

  it('is not asked where only images differ', () => {
    const plan = planOf(onlyImages());
    expect(plan.cards).toBeNull();
    expect(plan.bring).toBe('images');
    expect(plan.changes.map(({ subject }) => subject)).toEqual(['image']);
  });

  it('tells containers whose image changes from those of which only a setting does', () => {
    const older = apiDefinition(421);
    const containerDefinitions = older.containerDefinitions?.map((one) =>
      one.name === 'nginx' ? { ...one, stopTimeout: 9 } : { ...one, environment: [], secrets: [] },
    );
    const running = apiDefinition(428);
    const bare = running.containerDefinitions?.map((one) => ({ ...one, environment: [], secrets: [] }));
    const cards = choiceOf({
      running: ok(revisionOf({ ...running, containerDefinitions: bare })),
      wanted: ok(revisionOf({ ...older, memory: '2048', containerDefinitions })),
    }).cards;
    expect(cards[0]?.lines).toEqual(['Image changes in app; nginx keeps the same image.']);
    expect(cards[1]?.lines).toEqual(['Also goes back: 1 other setting.']);
  });

  it('going forward changes settings, and does not take them back', () => {
    const cards = choiceOf({
      wish: wish({ to: 'api:428' }),
      service: service({ taskDefinitionArn: arnOf('api:421') }),
      running: ok(revisionOf(apiDefinition(421))),
      wanted: ok(revisionOf(apiDefinition(428))),
    }).cards;
    expect(cards[1]?.lines).toEqual(['Also changes: 2 environment variables, 1 secret, memory.']);
  });

  it('going forward from a copy of an older version changes settings, though its number is higher', () => {
    const cards = choiceOf({
      wish: wish({ to: 'api:428' }),
      service: service({ taskDefinitionArn: arnOf('api:429') }),
      running: ok(revisionOf(asRevision(apiDefinition(421), 429))),
      wanted: ok(revisionOf(apiDefinition(428))),
      past: [pastRollback()],
    }).cards;
    expect(cards[1]?.lines).toEqual(['Also changes: 2 environment variables, 1 secret, memory.']);
  });

  it('names containers that stay and containers that do not come back', () => {
    const [older = {}, newer = {}] = FAMILIES.sidecars ?? [];
    const cards = choiceOf({
      running: ok(revisionOf(newer)),
      wanted: ok(revisionOf(older)),
      service: service({ taskDefinitionArn: newer.taskDefinitionArn ?? '' }),
    }).cards;
    expect(cards[0]?.lines).toEqual([
      'Image changes in app.',
      'Kept as today: otel (not in 30).',
      'Not brought back: xray (only in 30).',
    ]);
  });

  it('cannot be the images where they are the same', () => {
    const same = asRevision({ ...apiDefinition(428), memory: '1024' }, 421);
    const change = {
      wanted: ok(revisionOf(same)),
      deployments: ok([
        serviceDeployment('api:428', NOW - DAY),
        serviceDeployment('api:421', NOW - 2 * DAY, { digests: DIGESTS.get('api:428') ?? new Map() }),
      ]),
    };
    expect(choiceOf(change).cards[0]?.unusable).toBe('Cannot be used: the images are the same; only settings differ.');
    expect(choiceOf({ ...change, ...IMAGES }).cards[0]?.unusable).not.toBeNull();
    expect(planOf({ ...change, ...EVERYTHING }).bring).toBe('everything');
  });

  it('cannot be the images where no container has the same name', () => {
    const renamed: TaskDefinition = asRevision(
      { ...apiDefinition(421), containerDefinitions: [{ name: 'web', image: 'x:1' }] },
      421,
    );
    expect(choiceOf({ wanted: ok(revisionOf(renamed)) }).cards[0]?.unusable).toBe(
      'Cannot be used: no container has the same name in 421 and 428.',
    );
  });

  it('the images: copies the running revision with the images of the other', () => {
    const plan = planOf(IMAGES);
    expect(plan).toMatchObject({ bring: 'images', copiedFrom: 'api:428 images:421', forward: false });
    expect(plan.source?.arn).toBe(arnOf('api:428'));
    expect(plan.images.get('app')).toContain('notifications-api:release-1119');
    expect(plan.changes.map(({ subject }) => subject)).toEqual(['image']);
    expect(plan.draft.shown.memory).toBe('2048');
  });

  it('everything: copies the version wanted', () => {
    const plan = planOf(EVERYTHING);
    expect(plan).toMatchObject({ bring: 'everything', copiedFrom: 'api:421' });
    expect(plan.source?.arn).toBe(arnOf('api:421'));
    expect(plan.changes).toHaveLength(5);
    expect(plan.draft.shown.memory).toBe('1024');
  });
});

describe('the images of a plan', () => {
  const APP = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notify/notifications-api';
  const RAN = DIGESTS.get('api:421')?.get('app') ?? '';

  it('stay as written while their tags name what ran', () => {
    expect([...planOf(EVERYTHING).images.values()]).toEqual([
      '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notify/nginx:1.29',
      `${APP}:release-1119`,
    ]);
  });

  it('are fixed to what ran where a tag moved, which is warned of', () => {
    const images = new Map([...facts().images, [`${APP}:release-1119`, registryImage(digestOf('ff'))] as const]);
    const plan = planOf({ ...EVERYTHING, images });
    expect(plan.images.get('app')).toBe(`${APP}@${RAN}`);
    expect(plan.findings.get('image-digest')?.kind).toBe('warns');
    expect(objections(plan.findings, new Set())).toContain('image-digest');
  });

  it('block where what ran is gone', () => {
    const images = new Map([
      ...facts().images,
      [`${APP}:release-1119`, registryImage(digestOf('ff'))] as const,
      [`${APP}@${RAN}`, registryImage(null)] as const,
    ]);
    expect(planOf({ ...EVERYTHING, images }).findings.get('image-digest')?.kind).toBe('blocks');
  });

  it('are those of the service revision that is meant', () => {
    const old = serviceDeployment('api:421', NOW - 9 * DAY, { digests: new Map([['app', digestOf('0dd')]]) });
    const ran = old.serviceRevisionArn.split('/').at(-1) ?? '';
    const plan = planOf({ wish: wish({ bring: 'everything', ran }), deployments: ok([...DEPLOYMENTS, old]) });
    expect(plan.to.digests.get('app')).toBe(digestOf('0dd'));
  });

  it('that stay are fixed to what runs where their tag moved', () => {
    const [older = {}, newer = {}] = FAMILIES.sidecars ?? [];
    const [otel, fixed] = ['v0.40.0', `@${digestOf('07e1')}`].map(
      (end) => `public.ecr.aws/aws-observability/aws-otel-collector${end.startsWith('@') ? end : `:${end}`}`,
    );
    const plan = planOf({
      ...IMAGES,
      running: ok(revisionOf(newer)),
      wanted: ok(revisionOf(older)),
      service: service({ taskDefinitionArn: newer.taskDefinitionArn ?? '' }),
      deployments: ok([
        serviceDeployment('sidecars:31', NOW - DAY, { digests: new Map([['otel', digestOf('07e1')]]) }),
      ]),
      images: new Map([
        [otel ?? '', registryImage(digestOf('ff'))],
        [fixed ?? '', registryImage(digestOf('07e1'))],
      ]),
    });
    expect(plan.images.get('otel')).toBe(fixed);
  });
});

describe('a revision that ran with several images', () => {
  const images = (app: string) => new Map([...(DIGESTS.get('api:428') ?? []), ['app', digestOf(app)]]);
  const deployments = ok([
    serviceDeployment('api:428', NOW - HOUR, { digests: images('aaaa') }),
    serviceDeployment('api:428', NOW - 3 * DAY, { digests: images('bbbb') }),
  ]);
  const [app] = (apiDefinition(428).containerDefinitions ?? []).filter(({ name }) => name === 'app');
  const registry = (tag: string) => {
    const repository = (app?.image ?? '').split(':')[0];
    return new Map([
      ...facts().images,
      [app?.image ?? '', registryImage(digestOf(tag))],
      [`${repository}@${digestOf('bbbb')}`, registryImage(digestOf('bbbb'))],
    ]);
  };
  const back = (tag: string, ran: string | null = `api-428-${NOW - 3 * DAY}`) =>
    planOf({
      wish: wish({ to: 'api:428', ran }),
      wanted: ok(revisionOf(apiDefinition(428))),
      deployments,
      images: registry(tag),
    });

  it('goes back to those that ran before, fixed to their digest', () => {
    const plan = back('aaaa');
    expect(plan.from.name).toBe('release-1123 (428) with app sha256:aaaa0000');
    expect(plan.to.name).toBe('release-1123 (428) with app sha256:bbbb0000');
    expect(plan.ran.to).toContain('ran here 2 d 22 h');
    expect(plan.images.get('app')).toMatch(/@sha256:bbbb0/);
    expect(plan.steps[0]).toBe('Register a new revision of family api: a copy of 428.');
    expect([...plan.findings].filter(([, { kind }]) => kind === 'blocks')).toEqual([]);
    expect(plan.forward).toBe(false);
  });

  it('goes back to them by their tag where it names them again', () => {
    const plan = back('bbbb');
    expect(plan.images.get('app')).toBe(app?.image);
    expect(plan.findings.get('already-running')?.kind).toBe('passed');
  });

  it('already runs where no version of it is named', () => {
    expect(back('aaaa', null).findings.get('already-running')?.kind).toBe('blocks');
    expect(back('aaaa', `api-428-${NOW - HOUR}`).findings.get('already-running')?.kind).toBe('blocks');
  });
});

describe('already running', () => {
  it('is told by digests and not by numbers', () => {
    const same = asRevision(apiDefinition(428), 421);
    const digests = DIGESTS.get('api:428') ?? new Map();
    const deployments = ok([
      serviceDeployment('api:428', NOW - DAY),
      serviceDeployment('api:421', NOW - 2 * DAY, { digests }),
    ]);
    const plan = planOf({ wanted: ok(revisionOf(same)), deployments });
    expect(plan.changes).toEqual([]);
    expect(plan.findings.get('already-running')).toEqual({
      kind: 'blocks',
      words: 'api already runs release-1123. There is nothing to roll back.',
    });
  });

  it('is no objection where one tag named another image then', () => {
    const moved = asRevision(apiDefinition(428), 421);
    const digests = new Map([...(DIGESTS.get('api:428') ?? []), ['app', digestOf('01d')] as const]);
    const deployments = ok([
      serviceDeployment('api:428', NOW - DAY),
      serviceDeployment('api:421', NOW - 2 * DAY, { digests }),
    ]);
    const plan = planOf({ wanted: ok(revisionOf(moved)), deployments });
    expect(plan.findings.get('already-running')?.kind).toBe('passed');
  });
});

describe('images an address asks for and nobody can name', () => {
  const asked = { ...EVERYTHING, wish: wish({ bring: 'everything' as const, ran: 'long-ago' }) };

  it('are not replaced by today’s unasked', () => {
    expect(planFrom(facts(asked))).toEqual({
      kind: 'unreadable',
      words: 'ECS has no deployment of api:421 with the images this address asks for.',
    });
    expect(planFrom(facts({ ...asked, deployments: unread({ action: 'ecs:ListServiceDeployments' }) }))).toEqual({
      kind: 'unreadable',
      words:
        'Which images of api:421 this address asks for cannot be told: ECS deployments cannot be read (no permission to ecs:ListServiceDeployments).',
    });
  });

  it('do not matter to an undo, which knows what was left', () => {
    const undo = wish({ to: 'api:428', undo: 'rb-7k3f9q', ran: 'long-ago' });
    const running = { service: service({ taskDefinitionArn: arnOf('api:429') }), past: [pastRollback()] };
    const planned = planFrom(
      facts({
        ...running,
        wish: undo,
        running: ok(revisionOf(asRevision(apiDefinition(421), 429))),
        wanted: ok(revisionOf(apiDefinition(428))),
      }),
    );
    expect(planned.kind).toBe('plan');
  });
});

describe('going to a newer version', () => {
  const between = (running: number, wanted: number, change: Partial<RollbackFacts> = {}) =>
    planOf({
      ...EVERYTHING,
      wish: wish({ to: `api:${wanted}`, bring: 'everything' }),
      service: service({ taskDefinitionArn: arnOf(`api:${running}`) }),
      running: ok(revisionOf(asRevision(apiDefinition(421), running))),
      wanted: ok(revisionOf(asRevision(apiDefinition(428), wanted))),
      ...change,
    }).forward;

  it('is going forward', () => {
    expect(between(421, 428)).toBe(true);
    expect(between(428, 421)).toBe(false);
  });

  it('is told of a copy by what it is a copy of', () => {
    expect(between(429, 428, { past: [pastRollback()] })).toBe(true);
    expect(between(429, 420, { past: [pastRollback()] })).toBe(false);
    expect(between(429, 421, { past: [pastRollback()] })).toBe(false);
  });

  it('is never told of another family', () => {
    const other = { ...asRevision(apiDefinition(428), 900), family: 'admin', taskDefinitionArn: arnOf('admin:900') };
    expect(between(421, 900, { wanted: ok(revisionOf(other)) })).toBe(false);
  });
});

describe('an undo', () => {
  const undoing = (change: Partial<RollbackFacts> = {}): Partial<RollbackFacts> => ({
    wish: wish({ to: 'api:428', undo: 'rb-7k3f9q' }),
    service: service({ taskDefinitionArn: arnOf('api:429') }),
    running: ok(revisionOf(asRevision(apiDefinition(421), 429))),
    wanted: ok(revisionOf(apiDefinition(428))),
    past: [pastRollback()],
    ...change,
  });

  it('brings back everything in the version left, its images included, and asks nothing', () => {
    const left = new Map([['app', digestOf('1ef7')]]);
    const plan = planOf(undoing({ past: [pastRollback({ leftDigests: left })] }));
    expect(plan).toMatchObject({ undo: 'rb-7k3f9q', bring: 'everything', cards: null, copiedFrom: 'api:428' });
    expect(plan.to.digests).toEqual(left);
  });

  it('is an ordinary plan once the service runs something else, and for another version', () => {
    const elsewhere = undoing({
      service: service({ taskDefinitionArn: arnOf('api:430') }),
      running: ok(revisionOf(asRevision(apiDefinition(421), 430))),
    });
    expect(planFrom(facts(elsewhere)).kind).toBe('choose-bring');
    const other = undoing({
      wish: wish({ to: 'api:419', undo: 'rb-7k3f9q' }),
      wanted: ok(revisionOf(asRevision(apiDefinition(428), 419))),
    });
    expect(planFrom(facts(other)).kind).toBe('choose-bring');
    expect(planFrom(facts(undoing({ past: [] }))).kind).toBe('choose-bring');
  });
});

describe('stopping a deployment', () => {
  const good = serviceDeployment('api:421', NOW - DAY);
  const bad = serviceDeployment('api:428', NOW - 60_000, {
    status: 'IN_PROGRESS',
    finishedAt: null,
    sourceServiceRevisionArns: [good.serviceRevisionArn],
  });
  const stop = bad.arn.split('/').at(-1) ?? '';
  const stopping = (change: Partial<RollbackFacts> = {}): Partial<RollbackFacts> => ({
    wish: wish({ to: null, stop }),
    deployments: ok([bad, good]),
    service: service({
      deployments: [deployment({ rolloutState: 'IN_PROGRESS' }), deployment({ id: 'ecs-svc/421', status: 'ACTIVE' })],
    }),
    ...change,
  });
  const CANNOT_TELL = { kind: 'unreadable', words: 'We cannot tell what ECS would return to.' };

  it('returns to exactly what it started from: no choice, no copy, no pins', () => {
    const plan = planOf(stopping());
    expect(plan).toMatchObject({
      kind: 'stop',
      stopArn: bad.arn,
      source: null,
      cards: null,
      copiedFrom: 'api:421',
      notes: [],
      steps: [
        'Ask ECS to stop this deployment and roll back (StopServiceDeployment, ROLLBACK).',
        'ECS returns to release-1119 (421) with the same images; the number stays 421.',
      ],
    });
    expect(plan.images.size).toBe(0);
    expect(plan.to.digests).toEqual(good.digests);
    expect(objections(plan.findings, new Set())).toEqual([]);
  });

  it.each<[string, readonly ServiceDeployment[]]>([
    ['is not found', [good]],
    ['started from nothing that is known', [{ ...bad, sourceServiceRevisionArns: [] }, good]],
    ['started from two versions', [{ ...bad, sourceServiceRevisionArns: [good.serviceRevisionArn, 'x'] }, good]],
    ['started from another than the last good one', [bad, serviceDeployment('api:419', NOW - 1000), good]],
    ['has no good one before it', [bad]],
  ])('is no plan where it %s', (_why, deployments) => {
    expect(planFrom(facts(stopping({ deployments: ok(deployments) })))).toEqual(CANNOT_TELL);
  });

  it('is no plan where the revision read is another than the one ECS would return to', () => {
    expect(planFrom(facts(stopping({ wanted: ok(revisionOf(apiDefinition(428))) })))).toEqual(CANNOT_TELL);
  });

  it('is no plan where deployments or revisions cannot be read', () => {
    expect(planFrom(facts(stopping({ deployments: unread({ words: 'AccessDenied' }) })))).toEqual({
      kind: 'unreadable',
      words: 'Deployments cannot be read: AccessDenied',
    });
    expect(planFrom(facts(stopping({ wanted: unread() }))).kind).toBe('unreadable');
    expect(planFrom(facts(stopping({ running: unread() }))).kind).toBe('unreadable');
  });

  it('blocks once it has finished', () => {
    const plan = planOf(stopping({ deployments: ok([{ ...bad, status: 'SUCCESSFUL' }, good]) }));
    expect(plan.findings.get('still-stoppable')?.kind).toBe('blocks');
  });

  it('blocks where the image ECS would return to is gone, whatever its tag names now', () => {
    const APP = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notify/notifications-api';
    const images = new Map([
      ...facts().images,
      [`${APP}:release-1119`, registryImage(digestOf('ff'))] as const,
      [`${APP}@${good.digests.get('app')}`, registryImage(null)] as const,
    ]);
    expect(planOf(stopping({ images })).findings.get('images-exist')?.kind).toBe('blocks');
  });

  it('is certain by the deployments alone', () => {
    expect(returnOf(bad, [bad, good])).toBe(good);
    expect(returnOf(good, [bad, good])).toBeNull();
  });
});

describe('the decision', () => {
  const decided = (change: Partial<RollbackFacts> = {}) =>
    JSON.stringify(planOf({ ...EVERYTHING, ...change }).decision);
  const before = decided();

  it.each<[string, Partial<RollbackFacts>]>([
    ['scaling moves the number of tasks', { service: service({ desiredCount: 9, runningCount: 8, pendingCount: 1 }) }],
    ['time passes', { readAt: NOW + 60_000 }],
    ['other services start the same image', { sameImage: ['delivery-worker-sms'] }],
    ['an alarm fires', { firingAlarms: ok(['errors']) }],
    ['ECS writes messages', { service: service({ events: [{ id: '1', at: NOW, message: 'steady' }] }) }],
    [
      'a deployment that is not primary drains',
      { service: service({ circuitBreaker: { enabled: false, rollback: false } }) },
    ],
  ])('stands while %s', (_what, change) => {
    expect(decided(change)).toBe(before);
  });

  it.each<[string, Partial<RollbackFacts>]>([
    ['the primary deployment is another', { service: service({ deployments: [deployment({ id: 'ecs-svc/other' })] }) }],
    [
      'the service runs another revision',
      {
        service: service({ taskDefinitionArn: arnOf('api:430') }),
        running: ok(revisionOf(asRevision(apiDefinition(428), 430))),
      },
    ],
    ['only the images are brought back', IMAGES],
    [
      'another service revision is meant',
      { wish: wish({ bring: 'everything', ran: lastPart(DEPLOYMENTS[2]?.serviceRevisionArn ?? '') }) },
    ],
    [
      'a masked value of the definition is another',
      {
        wanted: ok(
          revisionOf({
            ...apiDefinition(421),
            containerDefinitions: apiDefinition(421).containerDefinitions?.map((one) => ({
              ...one,
              command: ['other'],
            })),
          }),
        ),
      },
    ],
    ['a warning appears', { service: service({ desiredCount: 0 }) }],
    ['a warning goes', { oldVersionDays: 1, readAt: NOW + 3 * DAY }],
    [
      'an image moves',
      {
        images: new Map(
          [...facts().images].map(([reference, fact]) => [
            reference,
            reference.endsWith(':release-1119') ? registryImage(digestOf('ff')) : fact,
          ]),
        ),
      },
    ],
  ])('moves where %s', (_what, change) => {
    expect(decided(change)).not.toBe(before);
  });
});

describe('what will happen', () => {
  it('is said in numbers', () => {
    expect(planOf(IMAGES).steps).toEqual([
      'Register a new revision of family api: 428 with the images of 421.',
      'Tell ECS to run it in service api. 6 tasks are replaced; at least 6 and at most 12 run.',
      'Watch until ECS reports it steady. Usually 4 min.',
    ]);
    expect(planOf(EVERYTHING).steps[0]).toBe('Register a new revision of family api: a copy of 421.');
    expect(planOf({ ...EVERYTHING, service: service({ desiredCount: 1 }) }).steps[1]).toContain('1 task is replaced');
    expect(planOf({ ...EVERYTHING, service: service({ desiredCount: 0 }) }).steps[1]).toBe(
      'Tell ECS to run it in service api. It wants 0 tasks, so none is started.',
    );
    expect(planOf({ ...EVERYTHING, deployments: unread() }).steps[2]).toBe('Watch until ECS reports it steady.');
  });

  it('has what people should know besides', () => {
    expect(planOf({ ...EVERYTHING, sameImage: ['a', 'b'], firingAlarms: ok(['errors']) }).notes).toEqual([
      'Not changed: number of tasks, load balancer, auto scaling, databases, secret values, and 2 other services that run notifications-api:release-1123.',
      'If release-1119 cannot start, ECS will put release-1123 back by itself.',
      'Alarm errors is firing, so ECS will ignore alarms this time.',
      'The new revision becomes the newest of family api. Anything that starts api without a number will use it.',
    ]);
    expect(planOf({ ...EVERYTHING, firingAlarms: unread({ action: 'cloudwatch:DescribeAlarms' }) }).notes).toContain(
      'Whether an alarm is firing, so that ECS would ignore alarms this time: not checked (no permission to cloudwatch:DescribeAlarms).',
    );
    const newest = (sameFamily: readonly string[]) => planOf({ ...EVERYTHING, sameFamily }).notes.at(-1);
    expect(newest(['api-batch'])).toMatch(/will use it\. Other services of api: api-batch\.$/);
    expect(newest(['a', 'b', 'c', 'd', 'e'])).toMatch(/ Other services of api: a, b, c and 2 more\.$/);
    expect(planOf({ ...EVERYTHING, sameImage: ['a'] }).notes[0]).toContain('and 1 other service that runs');
    expect(planOf(EVERYTHING).notes[0]).toBe(
      'Not changed: number of tasks, load balancer, auto scaling, databases, secret values.',
    );
  });

  it('says what ECS would put back only where it would, and by its own name', () => {
    const putBack = (change: Partial<RollbackFacts>) =>
      planOf({ ...EVERYTHING, ...change }).notes.filter((note) => note.includes('back by itself'));
    const breaker = (enabled: boolean, rollback: boolean) => service({ circuitBreaker: { enabled, rollback } });
    expect(putBack({ service: breaker(true, false) })).toEqual([]);
    expect(putBack({ service: breaker(false, true) })).toEqual([]);
    const alarms = service({
      circuitBreaker: { enabled: false, rollback: false },
      alarms: { enabled: true, rollback: true, names: ['errors'] },
    });
    expect(putBack({ service: alarms })).toHaveLength(1);
    for (const half of [
      { enabled: true, rollback: false },
      { enabled: false, rollback: true },
    ]) {
      expect(putBack({ service: { ...alarms, alarms: { ...half, names: ['errors'] } } })).toEqual([]);
    }
    const underWay = ok([
      serviceDeployment('api:428', NOW, { status: 'IN_PROGRESS' }),
      serviceDeployment('api:421', NOW - DAY),
    ]);
    expect(putBack({ deployments: underWay })).toEqual([
      'If release-1119 cannot start, ECS will put revision 421 back by itself.',
    ]);
    const never = {
      deployments: ok([]),
      service: service({ deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] }),
    };
    expect(putBack(never)).toEqual([]);
    // What runs for longer than ECS remembers is complete without a service deployment that says so.
    expect(putBack({ deployments: ok([]) })).toEqual([
      'If release-1119 cannot start, ECS will put release-1123 back by itself.',
    ]);
    expect(putBack({ deployments: unread() })).toEqual([
      'If release-1119 cannot start, ECS will put release-1123 back by itself.',
    ]);
  });

  it('tells two versions of one tag apart by their numbers', () => {
    const main = (number: 421 | 428) => {
      const definition = apiDefinition(number);
      const containerDefinitions = definition.containerDefinitions?.map((one) =>
        one.name === 'app' ? { ...one, image: 'x/app:main' } : one,
      );
      return ok(revisionOf({ ...definition, containerDefinitions }));
    };
    const notes = planOf({ ...EVERYTHING, running: main(428), wanted: main(421) }).notes;
    expect(notes).toContain('If main (421) cannot start, ECS will put main (428) back by itself.');
  });

  it('says which names stand twice', () => {
    const environment = [
      { name: 'MODE', value: '1' },
      { name: 'MODE', value: '2' },
    ];
    const containerDefinitions = apiDefinition(421).containerDefinitions?.map((one) => ({ ...one, environment }));
    const plan = planOf({ ...EVERYTHING, wanted: ok(revisionOf({ ...apiDefinition(421), containerDefinitions })) });
    expect(plan.notes).toContain('MODE stands more than once in app; the last one counts.');
  });

  it('stands below the two versions', () => {
    expect(planOf(EVERYTHING).ran).toEqual({ from: 'running 21 min', to: 'ran here 6 d 2 h, until 02:37 UTC' });
  });
});
