import { randomBytes } from 'node:crypto';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';

/** A secret nobody could mistake for anything else, and where it was put. */
export type Canary = { readonly place: string; readonly text: string };

/** Marked secrets, one for each place that is masked. */
export type Nest = { readonly put: (place: string) => string; readonly all: readonly Canary[] };

export function nest(): Nest {
  const all: Canary[] = [];
  const put = (place: string): string => {
    const text = `${MARK}${String(all.length).padStart(2, '0')}-${randomBytes(9).toString('hex')}`;
    all.push({ place, text });
    return text;
  };
  return { put, all };
}

const many = (count: number, one: (n: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, n) => one(n));

/** A definition of the family `canary` with a secret in every text that is masked, as its service could run it. */
export function definitionWith({ put }: Nest, release: string): RegisterTaskDefinitionCommandInput {
  return {
    family: 'canary',
    taskRoleArn: 'arn:aws:iam::111111111111:role/canary-task',
    executionRoleArn: 'arn:aws:iam::111111111111:role/notify-execution',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: 'app',
        image: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/canary:${release}`,
        essential: true,
        environment: [
          ...many(6, (n) => `SECRET_${n}`).map((name) => ({ name, value: put(`environment ${name}`) })),
          {
            name: 'DATABASE_URI',
            value: `postgres://user:${put('password of a URL')}@db.internal/notify?x=${put('query of a URL')}`,
          },
          { name: 'JSON', value: JSON.stringify({ key: put('JSON in a value') }) },
          { name: 'LINES', value: `first\n${put('a second line')}\n"third"` },
          { name: 'MARKUP', value: `<b>${put('markup in a value')}</b>&` },
          { name: 'LOG_LEVEL_OF_OTHERS', value: put('a name that begins like one that is shown') },
        ],
        entryPoint: ['/bin/sh', put('entry point')],
        command: ['serve', `--token=${put('command')}`, put('argument')],
        healthCheck: {
          command: ['CMD-SHELL', `curl -H 'Authorization: ${put('health check')}' localhost`],
          interval: 30,
          retries: 3,
          timeout: 5,
        },
        dockerLabels: { owner: put('label'), 'com.example/deep.name': put('label with a long name') },
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/notify/canary',
            'awslogs-region': 'eu-west-1',
            'awslogs-stream-prefix': 'app',
            'awslogs-datetime-format': put('log option'),
          },
        },
        workingDirectory: `https://user:${put('password in a field that is shown')}@host.internal/srv`,
      },
    ],
  };
}

/** The same family as only a machine of one's own could run it: volumes, a proxy, another log driver. */
export function machineDefinitionWith({ put }: Nest): RegisterTaskDefinitionCommandInput {
  return {
    family: 'canary',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['EC2'],
    memory: '512',
    proxyConfiguration: {
      type: 'APPMESH',
      containerName: 'envoy',
      properties: [
        { name: 'ProxyIngressPort', value: '15000' },
        { name: 'AppPorts', value: '8080' },
        { name: 'EgressIgnoredIPs', value: put('proxy property') },
        { name: 'ProxyEgressPort', value: '15001' },
        { name: 'IgnoredUID', value: '1337' },
      ],
    },
    volumes: [
      {
        name: 'data',
        dockerVolumeConfiguration: {
          scope: 'shared',
          driver: 'rexray/ebs',
          driverOpts: { key: put('volume driver option'), token: put('another volume driver option') },
          labels: { owner: put('volume label') },
        },
      },
    ],
    containerDefinitions: [
      {
        name: 'app',
        image: 'nginx:1',
        essential: true,
        memory: 256,
        environment: many(4, (n) => `MACHINE_${n}`).map((name) => ({ name, value: put(`environment ${name}`) })),
        command: [put('command of a machine')],
        dockerLabels: { owner: put('label of a machine') },
        logConfiguration: {
          logDriver: 'splunk',
          options: {
            'splunk-token': put('log driver token'),
            'splunk-url': `https://user:${put('log driver password')}@splunk.internal`,
          },
        },
      },
      {
        name: 'envoy',
        image: 'envoy:1',
        essential: true,
        memory: 128,
        environment: [{ name: 'ENVOY_TOKEN', value: put('environment of a second container') }],
        firelensConfiguration: {
          type: 'fluentbit',
          options: { 'config-file-type': 'file', 'config-file-value': put('firelens option') },
        },
      },
    ],
  };
}

/** What every marked secret begins with. */
const MARK = 'cnry-';

/** The characters of a text in Base64 that do not depend on what stands before and behind, for each place it may begin. */
const inBase64 = (text: string): readonly string[] =>
  [0, 1, 2].map((before) => {
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6));
  });

/** A text in every form in which it could have been written down, letters that may be large or small being small. */
export function writtenAs(text: string): readonly string[] {
  const codes = [...text].map((letter) => letter.charCodeAt(0).toString(16));
  const plain = [
    text,
    text.replaceAll('-', '%2d'),
    text.replaceAll('-', '\\u002d'),
    text.replaceAll('-', '&#45;'),
    text.replaceAll('-', '&#x2d;'),
    codes.map((code) => `%${code}`).join(''),
    codes.join(''),
    [...text].reverse().join(''),
  ];
  return [...plain, ...inBase64(text), ...inBase64(text).map((one) => one.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** What was found, and where. */
export type Hit = { readonly where: string; readonly place: string; readonly as: string };

/** Looks for marked secrets in texts, in every form at once. */
export function searcher(canaries: readonly Canary[]) {
  const marks = writtenAs(MARK);
  const hits: Hit[] = [];
  let searched = 0;
  return {
    hits,
    /** How many characters were looked through. */
    searched: () => searched,
    look(where: string, text: string): void {
      searched += text.length;
      const small = text.toLowerCase();
      const holds = (as: string): boolean => text.includes(as) || small.includes(as);
      // All begin alike, so that most texts need no closer look.
      if (!marks.some(holds)) return;
      for (const { place, text: secret } of canaries) {
        for (const as of [...writtenAs(secret), secret.slice(0, 16)]) if (holds(as)) hits.push({ where, place, as });
      }
    },
  };
}
