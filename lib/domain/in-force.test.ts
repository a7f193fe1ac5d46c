import { describe, expect, it } from 'vitest';
import { type InForceQuestion, type InForceVerdict, inForceVerdict, type RunImage } from './in-force';
import { overwriteBackground, overwriteSentence } from './overwrite-words';

const API = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/notifications-api';
const ARN = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/api';

const image = (tag: string, digest: string | null = `sha256:${tag}`): RunImage => ({
  references: [`${API}:${tag}`],
  digest,
});
/** Fixed to a digest, as copies are whose tag has moved; the origin's reference says which tag it was. */
const pinned = (tag: string, digest: string): RunImage => ({
  references: [`${API}@${digest}`, `${API}:${tag}`],
  digest,
});
const nginx: RunImage = { references: ['nginx:1.29'], digest: 'sha256:nginx' };

const images = (app: RunImage, others: Readonly<Record<string, RunImage>> = { nginx }) =>
  new Map([['app', app], ...Object.entries(others)]);

const BAD = { arn: `${ARN}:428`, images: images(image('release-1123')) };
const OURS = { arn: `${ARN}:429`, images: images(image('release-1119')) };

type Case = Partial<Omit<InForceQuestion, 'now'>> & {
  readonly app?: RunImage;
  readonly now?: Partial<InForceQuestion['now']>;
};

const verdict = ({ app = image('release-1119'), now, ...change }: Case): InForceVerdict =>
  inForceVerdict({
    left: BAD,
    ours: OURS,
    otherCopies: new Set(),
    sameSettings: false,
    ...change,
    now: { arn: `${ARN}:430`, images: images(app), settled: true, ...now },
  });

const MOVING = {
  left: { arn: `${ARN}:428`, images: images(image('main', 'sha256:bad')) },
  ours: { arn: `${ARN}:429`, images: images(pinned('main', 'sha256:good')) },
};

describe('what became of a rollback in force', () => {
  it.each<readonly [string, Case, InForceVerdict]>([
    ['our own copy runs', { now: { arn: OURS.arn } }, 'in-force'],
    ['the bad image is deployed anew', { app: image('release-1123') }, 'returned-to-bad'],
    ['it is still rolling out', { app: image('release-1123'), now: { settled: false } }, 'returned-to-bad'],
    ['nobody knows its digest yet', { app: image('release-1123', null) }, 'returned-to-bad'],
    ['the bad build has another tag', { app: image('hotfix-7', 'sha256:release-1123') }, 'returned-to-bad'],
    ['the bad tag was built anew', { app: image('release-1123', 'sha256:again') }, 'returned-to-bad'],
    ['our build has the bad tag now', { app: image('release-1123', 'sha256:release-1119') }, 'settings-replaced'],
    ['the very revision runs that was left', { ...ofLeft() }, 'returned-to-bad'],
    ['only settings had differed, and the revision left runs', { ...ofSettings() }, 'returned-to-bad'],
    ['our images with other settings', {}, 'settings-replaced'],
    [
      'our images beside a container more',
      { now: { images: images(image('release-1119'), { nginx, otel: nginx }) } },
      'settings-replaced',
    ],
    ['settings could not be compared', { sameSettings: null }, 'wait'],
    ['a revision that is ours in all but its number', { sameSettings: true }, 'in-force'],
    ['a newer image', { app: image('release-1125') }, 'newer'],
    ['a newer image that is not steady yet', { app: image('release-1125'), now: { settled: false } }, 'wait'],
    ['another rollback of ours', { app: image('release-1117'), otherCopies: new Set([`${ARN}:430`]) }, 'ours'],
    ['our own undo', { app: image('release-1123'), otherCopies: new Set([`${ARN}:430`]) }, 'ours'],
    ['a moving tag names the bad build', { ...MOVING, app: image('main', 'sha256:bad') }, 'returned-to-bad'],
    ['a moving tag names a newer build', { ...MOVING, app: image('main', 'sha256:fixed') }, 'newer'],
    ['a moving tag names our build', { ...MOVING, app: image('main', 'sha256:good') }, 'settings-replaced'],
    ['a moving tag, and nobody knows the build yet', { ...MOVING, app: image('main', null) }, 'settings-replaced'],
    ['no container of ours is left', { now: { images: new Map([['web', nginx]]) } }, 'newer'],
  ])('%s', (_name, question, expected) => {
    expect(verdict(question)).toBe(expected);
  });

  function ofLeft(): Case {
    return { now: { arn: BAD.arn, images: BAD.images } };
  }
  function ofSettings(): Case {
    const same = images(image('release-1119'));
    return { left: { arn: `${ARN}:428`, images: same }, now: { arn: `${ARN}:428`, images: same } };
  }
});

describe('the words for it', () => {
  const at = Date.UTC(2026, 10, 23, 9, 20);
  const facts = {
    service: 'api',
    left: 'release-1123',
    ours: 'release-1119',
    now: { name: 'release-1125', by: 'concourse-deploy', at: Date.UTC(2026, 10, 23, 9, 12) },
    rolledBackAt: Date.UTC(2026, 10, 23, 2, 58, 31),
    reason: 'Errors after release',
  } as const;

  it.each([
    ['returned-to-bad', 'A deployment at 09:12 UTC brought release-1123 back to api.'],
    ['settings-replaced', 'The settings of api were changed at 09:12 UTC; the images are still release-1119.'],
    ['newer', 'release-1125 replaced the rollback at 09:12 UTC.'],
  ] as const)('%s', (finding, words) => {
    expect(overwriteSentence({ ...facts, finding }, at)).toBe(words);
  });

  it('name the role and the reason, as far as they are known', () => {
    const known = { ...facts, finding: 'returned-to-bad' } as const;
    expect(overwriteBackground(known, at)).toBe(
      'Registered by concourse-deploy. Rolled back at 02:58 UTC: Errors after release.',
    );
    expect(overwriteBackground({ ...known, reason: null, now: { ...known.now, by: null } }, at)).toBe(
      'Rolled back at 02:58 UTC.',
    );
  });
});
