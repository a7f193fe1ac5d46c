import { z } from 'zod';
import { COLOURS } from '@/lib/domain/target';

/*
 * One source of the configuration file: what is accepted, what mistakes are answered with, and what the reference and the
 * editors' schema say. Every message says what to write instead.
 */

const RISKY_NAME = /pass|secret|token|key|cred|uri|url|dsn/i;
const NOT_A_MAP = 'is not a map of settings; write its settings below it, indented';

const text = (shape: RegExp, words: string) => z.string(words).regex(shape, words);
const line = text(
  /^(?=.*\S)[^\p{Cc}]{1,200}$/u,
  'is not a line of text; write up to 200 characters, in quotes where they hold : or #',
);
const wholeNumber = (least: number, most: number) => {
  const range = `is not a whole number from ${least} to ${most}`;
  return z.int(range).min(least, range).max(most, range);
};
const WHOLE_ADDRESS = 'is not a web address; write it whole, with https://';
const webAddress = z
  .string(WHOLE_ADDRESS)
  .refine((given) => URL.canParse(given) && /^https?:$/.test(new URL(given).protocol), WHOLE_ADDRESS)
  .refine(
    (given) => !URL.canParse(given) || new URL(given).username === '',
    'must not contain a user name or password; write the address without them',
  );
const role = text(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
  'is not the ARN of an IAM role; write it whole: arn:aws:iam::111111111111:role/ecs-rollback-reader',
);
const listOf = <T extends z.ZodType>(member: T, of: string) =>
  z
    .array(member, `is not a list of ${of}; write it in brackets: [one, other]`)
    .refine((list) => new Set(list).size === list.length, `names one of its ${of} twice; name each once`);

/** A setting with what the reference says of it, and a value somebody might write. */
const setting = <T extends z.ZodType>(shape: T, description: string, example: unknown): T =>
  shape.meta({ description, examples: [example] });

const serviceShape = z.strictObject(
  {
    mainContainer: setting(
      line.optional(),
      'The container whose image names the version. Else the one behind the load balancer, the one named like the service or its family, or the first essential one.',
      'app',
    ),
    checkUrl: setting(
      webAddress.optional(),
      'Where people look whether the service works; linked after a rollback.',
      'https://api.example.org/_status',
    ),
    operators: setting(
      listOf(line, 'groups').optional(),
      'Groups whose members may roll these services back, in place of the target’s. An empty list lets nobody.',
      ['payments-oncall'],
    ),
    viewers: setting(
      listOf(line, 'groups').optional(),
      'Groups whose members may look at these services, in place of the target’s operators and viewers. Whoever may roll back may look.',
      ['payments'],
    ),
  },
  NOT_A_MAP,
);

type Roles = { readonly account: string; readonly readerRole?: string; readonly writerRole?: string };

/** A role of another account would show, and change, what the target's name does not say. */
const ownRole = (member: 'readerRole' | 'writerRole') =>
  z.refine<Roles>((target) => (target[member] ?? '').split(':')[4] === target.account, {
    path: [member],
    error: ({ input }) =>
      `is a role of another account than ${(input as Roles).account}; name a role of that account, or correct account`,
    // Asked as soon as the two can be compared, whatever else is wrong with the target.
    when: ({ value }) => isMap(value) && typeof value.account === 'string' && role.safeParse(value[member]).success,
  });

const otherRole = (member: 'readerRole' | 'writerRole', other: 'readerRole' | 'writerRole') =>
  z.refine<Roles>(() => false, {
    path: [member],
    error: `is missing beside ${other}; name both roles, or neither`,
    when: ({ value }) => isMap(value) && value[member] === undefined && value[other] !== undefined,
  });

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const targetShape = z
  .strictObject(
    {
      account: setting(
        text(/^\d{12}$/, 'is not an account number: twelve digits, in quotes'),
        'Number of the AWS account, in quotes.',
        '111111111111',
      ),
      region: setting(
        text(/^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/, 'is not a region; write it as AWS does, such as eu-west-1'),
        'AWS Region. Another Region is another target.',
        'eu-west-1',
      ),
      readerRole: setting(
        role.optional(),
        'Role for reading. Without roles, both reading and rolling back use the credentials the process was started with, not narrowed.',
        'arn:aws:iam::111111111111:role/ecs-rollback-reader',
      ),
      writerRole: setting(
        role.optional(),
        'Role for rolling back; taken for 15 minutes at a time, narrowed to one service.',
        'arn:aws:iam::111111111111:role/ecs-rollback-writer',
      ),
      externalId: setting(
        text(
          /^[\w+=,.@:/-]{2,1224}$/,
          'is not an external id as STS takes it: 2 to 1224 letters, digits and +=,.@:/-',
        ).optional(),
        'External id the roles ask for. Never shown and never logged.',
        'd1f6c0e2-7c1b-4c0e-9f55-2a7d0c9b8e11',
      ),
      clusters: setting(
        listOf(
          text(/^[A-Za-z0-9_-]{1,255}$/, 'is not the name of a cluster; write the name alone, not its ARN'),
          'clusters',
        )
          .min(1, 'names no cluster; leave it out to show all')
          .optional(),
        'Clusters to show; all where left out.',
        ['notify'],
      ),
      protected: setting(
        z.boolean('is neither true nor false'),
        'Whether a rollback asks for the service’s name and a reason.',
        true,
      ),
      colour: setting(
        z.enum(COLOURS, `is none of ${COLOURS.join(', ')}`),
        'Colour of the band on the target’s pages, named as the AWS console names its account colours.',
        'red',
      ),
      pipelineUrl: setting(
        webAddress.optional(),
        'Where people pause the pipeline that deploys here.',
        'https://ci.example.org/pipelines/deploy',
      ),
      operators: setting(
        listOf(line, 'groups').min(1, 'names no group, so nobody could roll back; name the groups whose members may'),
        'Groups whose members may roll back here. They may look, too.',
        ['rollback-operators'],
      ),
      viewers: setting(listOf(line, 'groups').default([]), 'Groups whose members may look here.', ['rollback-viewers']),
      holdTokens: setting(
        z
          .record(
            text(/^[A-Za-z0-9][\w.-]{0,62}$/, 'is not the name of a pipeline; use up to 63 letters, digits, - _ and .'),
            text(
              /^[0-9a-f]{64}$/,
              'is not a SHA-256; write the 64 digits that printf %s "$TOKEN" | sha256sum prints, never the token itself',
            ),
            'is not a map of tokens; write names of pipelines below it, each with the SHA-256 of its token',
          )
          .default({}),
        'Pipelines that may ask whether deployments are on hold here, by name, each with the SHA-256 of its token. A token can do nothing else.',
        { concourse: '03428749b53233cb263bc85c6f3f3353505cbdfcc9a08269cd70b2c594b161c1' },
      ),
      services: setting(
        z
          .record(
            text(
              /^([A-Za-z0-9_*-]{1,255}\/)?[A-Za-z0-9_*-]{1,255}$/,
              'is not the name of a service, nor a pattern; use letters, digits, - _ and *, after a cluster and / where needed',
            ),
            serviceShape,
            'is not a map of services; write service names below it, indented',
          )
          .default({}),
        'Settings of single services, by name or by a pattern with `*`, where needed after a cluster: `cluster/service`. Of those that match, the first that names a setting counts for it.',
        { api: { mainContainer: 'app' } },
      ),
    },
    NOT_A_MAP,
  )
  .check(
    ownRole('readerRole'),
    ownRole('writerRole'),
    otherRole('readerRole', 'writerRole'),
    otherRole('writerRole', 'readerRole'),
  );

/** The configuration file. */
export const fileShape = z.strictObject(
  {
    company: setting(line.optional(), 'Name on the sign-in page.', 'Example'),
    runbookUrl: setting(
      webAddress.optional(),
      'Your runbook; linked as help, on the sign-in page too.',
      'https://runbooks.example.org/rollback',
    ),
    ownersContact: setting(
      line.optional(),
      'Whom people ask about this tool, as they would write it.',
      '#platform-help',
    ),
    replicas: setting(
      wholeNumber(1, 20).default(1),
      'How many processes run. They share AWS’s call quotas, each taking its part.',
      2,
    ),
    groups: setting(
      z
        .strictObject(
          {
            claim: setting(line.default('groups'), 'Claim that holds a person’s groups.', 'groups'),
            from: setting(
              z.enum(['id-token', 'userinfo'], 'is neither id-token nor userinfo').default('id-token'),
              'Where the provider gives the claim, at sign-in and whenever groups are renewed.',
              'id-token',
            ),
          },
          NOT_A_MAP,
        )
        .default({ claim: 'groups', from: 'id-token' }),
      'How a person’s groups are read.',
      { claim: 'groups', from: 'id-token' },
    ),
    lastKnownGoodMinutes: setting(
      wholeNumber(1, 43_200).default(60),
      'A version counts as good once it ran well for so many minutes.',
      60,
    ),
    oldVersionDays: setting(
      wholeNumber(1, 3_650).default(30),
      'A version that last ran longer ago than so many days is warned of.',
      30,
    ),
    showValuesOf: setting(
      listOf(
        text(
          /^[A-Za-z_][\w.-]*$/,
          'is not the name of an environment variable; write it as the definition does',
        ).refine(
          (name) => !RISKY_NAME.test(name),
          'is a name that may hold a secret, and those are never shown; leave it out',
        ),
        'names',
      ).default([]),
      'Environment variables of task definitions whose values everybody may see. All others are hidden.',
      ['LOG_LEVEL'],
    ),
    targets: setting(
      z
        .record(
          text(
            /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
            'is not the name of a target; use up to 63 letters, digits, - and _',
          ),
          targetShape,
          'is not a map of targets; write target names below it, indented',
        )
        .refine((targets) => Object.keys(targets).length > 0, 'names no target; add one, such as production:'),
      'Accounts and Regions whose services are shown, by the name people use for them.',
      {
        production: {
          account: '111111111111',
          region: 'eu-west-1',
          protected: true,
          colour: 'red',
          operators: ['rollback-operators'],
        },
      },
    ),
  },
  'is not a map of settings; it begins at the left margin with settings such as targets:',
);

/** What a valid file says. */
export type FileContent = z.infer<typeof fileShape>;

/** What a valid file says of one target. */
export type TargetContent = FileContent['targets'][string];
