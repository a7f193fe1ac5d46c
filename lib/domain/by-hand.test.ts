import { spawnSync } from 'node:child_process';
import type { Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { BY_HAND_WITHOUT_THIS_TOOL, byHand, shellWord } from './by-hand';
import { cloneOf, rollbackTags } from './clone';
import { arnOf, facts, wish } from './fixtures';
import { COMPLETE_DEFINITION } from './fixtures/complete-definition';
import { FAMILIES } from './fixtures/families';
import { planFrom } from './plan';
import { bodyOf, type PlanBody } from './plan-body';

function body(change: Partial<PlanBody> = {}): PlanBody {
  const asked = facts({ wish: wish({ bring: 'images' }) });
  const planned = planFrom(asked);
  if (planned.kind !== 'plan') throw new Error(planned.kind);
  return { ...bodyOf(planned.plan, asked.wish), ...change };
}

const ran = (command: string, args: readonly string[], input?: string) =>
  spawnSync(command, [...args], { encoding: 'utf8', ...(input !== undefined && { input }) });
const HAS_JQ = ran('jq', ['--version']).status === 0;
if (!HAS_JQ) console.warn('SKIPPED: the edit by hand is not run; there is no jq.');

/** The jq program among the commands, as a shell hands it over. */
function program(commands: readonly string[]): string {
  const line = commands.find((command) => command.startsWith('jq ')) ?? '';
  return ran('sh', ['-c', `printf %s ${line.replace(/^jq /, '').replace(/ old\.json > new\.json$/, '')}`]).stdout;
}

describe('the way by hand', () => {
  it('of a copy is: describe, edit, register, update, look', () => {
    const commands = byHand(body());
    expect(commands).toHaveLength(6);
    expect(commands[0]).toBe('# account 111111111111, eu-west-1; needs AWS CLI 2.13.0 or newer and jq');
    expect(commands[1]).toBe(
      `aws ecs describe-task-definition --region eu-west-1 --task-definition ${arnOf('api:428')} --include TAGS > old.json`,
    );
    expect(commands[3]).toContain('register-task-definition --region eu-west-1 --cli-input-json file://new.json');
    expect(commands[4]).toBe(
      'aws ecs update-service --region eu-west-1 --cluster notify --service api --task-definition "$NEW"',
    );
    expect(commands[5]).toContain('describe-services');
  });

  it('of a stop is one command, which never aborts', () => {
    const stop = byHand(body({ kind: 'stop', stopArn: 'arn:aws:ecs:eu-west-1:1:service-deployment/notify/api/x' }));
    expect(stop[1]).toBe(
      'aws ecs stop-service-deployment --region eu-west-1 --service-deployment-arn arn:aws:ecs:eu-west-1:1:service-deployment/notify/api/x --stop-type ROLLBACK',
    );
    expect(stop.join()).not.toContain('ABORT');
  });

  it('is written down for people who cannot sign in', () => {
    expect(BY_HAND_WITHOUT_THIS_TOOL[1]).toContain('--region REGION --task-definition FAMILY:REVISION');
    expect(byHand(body({ account: null }))[0]).toMatch(/^# account of your credentials, eu-west-1; needs AWS CLI/);
  });

  it('names the region in every command of AWS', () => {
    for (const command of byHand(body()).filter((line) => /\baws /.test(line)))
      expect(command).toContain('--region eu-west-1');
  });

  it('is a word of the shell that means what it says, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        fc.pre(!text.includes('\0'));
        expect(ran('sh', ['-c', `printf %s ${shellWord(text)}`]).stdout).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  describe('makes with jq', () => {
    beforeEach(({ skip }) => skip(!HAS_JQ, 'jq is not installed'));

    const tags: readonly Tag[] = [
      { key: 'team', value: 'notify' },
      { key: 'aws:cloudformation:stack-name', value: 'x' },
      { key: 'source', value: 'aws:x' },
      { key: 'ecs-rollback:id', value: 'rb-older1' },
    ];
    const edited = (definition: TaskDefinition, images: Readonly<Record<string, string>>, withTags: readonly Tag[]) => {
      const commands = byHand(body({ images }));
      const described = JSON.stringify({ taskDefinition: definition, tags: withTags });
      return JSON.parse(ran('jq', [program(commands)], described).stdout);
    };

    it('what this tool would register, but for our own tags', () => {
      for (const definition of [...Object.values(FAMILIES).flat(), COMPLETE_DEFINITION]) {
        const first = definition.containerDefinitions?.[0]?.name ?? '';
        const images = { [first]: `registry.test/it's@sha256:${'a'.repeat(64)}` };
        const own = rollbackTags(tags, { id: 'x', by: 'x', copiedFrom: 'x' }).filter(
          ({ key = '' }) => !key.startsWith('ecs-rollback:'),
        );
        const ours = cloneOf({ definition, tags: [] }, new Map(Object.entries(images)), own);
        expect(edited(definition, images, tags)).toEqual(JSON.parse(JSON.stringify(ours)));
      }
    });

    it('no list of tags where there are none, and no change of images where none is pinned', () => {
      const [definition = {}] = FAMILIES.api ?? [];
      const expected = JSON.parse(JSON.stringify(cloneOf({ definition, tags: [] }, new Map(), [])));
      expect(edited(definition, {}, [])).toEqual(expected);
    });
  });
});
