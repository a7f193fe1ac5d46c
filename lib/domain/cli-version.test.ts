import { describe, expect, it } from 'vitest';
import { cliFor } from './cli-version';

describe('the AWS CLI a definition needs', () => {
  it.each([
    ['nothing new', { family: 'api', containerDefinitions: [{ name: 'app' }] }, 'AWS CLI 2.13.0 or newer'],
    ['a volume at launch', { volumes: [{ name: 'data', configuredAtLaunch: true }] }, 'AWS CLI 2.15.10 or newer'],
    ['restarts', { containerDefinitions: [{ restartPolicy: { enabled: true } }] }, 'AWS CLI 2.17.31 or newer'],
    [
      'restarts and consistency',
      { containerDefinitions: [{ restartPolicy: { enabled: true } }, { versionConsistency: 'disabled' }] },
      'AWS CLI 2.22.1 or newer',
    ],
    ['fault injection', { enableFaultInjection: false }, 'AWS CLI 2.22.19 or newer'],
    ['what came last', { volumes: [{ s3filesVolumeConfiguration: {} }] }, 'the latest AWS CLI'],
  ])('with %s', (_with, definition, words) => {
    expect(cliFor(definition as never)).toBe(words);
  });

  it('is not raised by a member that is absent', () => {
    expect(cliFor({ containerDefinitions: [{ versionConsistency: undefined }] } as never)).toBe(
      'AWS CLI 2.13.0 or newer',
    );
  });
});
