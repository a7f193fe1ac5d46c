import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { fingerprint, shownOf } from './fixtures';
import { COMPLETE_DEFINITION } from './fixtures/complete-definition';
import { changedAt, leavesOf } from './fixtures/every-leaf';
import { maskDefinition, secretTexts, withoutSecrets } from './masking';
import { Masked } from './sealed';

const shown = JSON.stringify(shownOf(COMPLETE_DEFINITION));

/** Places of the complete definition whose value is masked. */
function maskedPlaces(): readonly string[] {
  return leavesOf(COMPLETE_DEFINITION)
    .filter((path) => {
      const marked = changedAt(COMPLETE_DEFINITION, path, (leaf) => (typeof leaf === 'string' ? 'canary' : leaf));
      return (
        JSON.stringify(marked).includes('canary') &&
        !JSON.stringify(shownOf(marked as TaskDefinition)).includes('canary')
      );
    })
    .map((path) => path.filter((part) => typeof part === 'string').join('.'));
}

describe('a definition as it may be shown', () => {
  it('masks exactly the places that can hold a secret', () => {
    expect([...new Set(maskedPlaces())].sort()).toEqual([
      'containerDefinitions.command',
      'containerDefinitions.dockerLabels.team',
      'containerDefinitions.entryPoint',
      'containerDefinitions.environment.value',
      'containerDefinitions.firelensConfiguration.options.config-file-value',
      'containerDefinitions.healthCheck.command',
      'containerDefinitions.logConfiguration.options.endpoint',
      'proxyConfiguration.properties.value',
      'volumes.dockerVolumeConfiguration.driverOpts.key',
      'volumes.dockerVolumeConfiguration.labels.owner',
    ]);
    expect(shown).not.toContain('hush');
  });

  it('keeps names: what there is may be known', () => {
    for (const name of ['MAX_WORKERS', 'DB_URI', 'awslogs-group', '/notify/app', 'endpoint', 'team', 'IgnoredUID'])
      expect(shown).toContain(name);
  });

  it('has fields nobody foresaw under their name, masked whole', () => {
    const novel: object = {
      novelty: { secret: 'hush' },
      containerDefinitions: [{ name: 'app', novelty: ['hush'] }],
      volumes: [{ name: 'v', novelty: { secret: 'hush' } }],
    };
    const masked = shownOf(novel as TaskDefinition) as Record<string, unknown>;
    expect(JSON.stringify(masked)).toBe(
      '{"novelty":"[hidden]","containerDefinitions":[{"name":"app","novelty":"[hidden]"}],"volumes":[{"name":"v","novelty":"[hidden]"}]}',
    );
    expect(masked.novelty).toBeInstanceOf(Masked);
  });

  it('shows variables that are clear for everybody, and no other', () => {
    const definition = {
      containerDefinitions: [
        {
          environment: [
            { name: 'LOG_LEVEL', value: 'DEBUG' },
            { name: 'KEY', value: 'hush' },
          ],
        },
      ],
    };
    const clear = JSON.stringify(maskDefinition(definition, fingerprint, new Set(['LOG_LEVEL'])));
    expect(clear).toContain('"value":"DEBUG"');
    expect(clear).not.toContain('hush');
  });

  it('has no user in a URL, even where a password holds an at sign', () => {
    const definition = { containerDefinitions: [{ image: 'a', hostname: 'https://user:p@ss@host.test/path' }] };
    expect(JSON.stringify(shownOf(definition))).toContain('https://host.test/path');
  });

  it('holds odd shapes without showing them', () => {
    const odd: object = { containerDefinitions: 'hush', volumes: ['hush'], proxyConfiguration: 'hush' };
    expect(JSON.stringify(shownOf(odd as TaskDefinition))).not.toContain('hush');
    const within: object = {
      containerDefinitions: [
        'hush',
        { environment: 'hush', healthCheck: 'hush', logConfiguration: 'hush', command: 'hush' },
      ],
      volumes: [{ dockerVolumeConfiguration: 'hush' }],
      proxyConfiguration: { properties: ['hush'] },
    };
    expect(JSON.stringify(shownOf(within as TaskDefinition))).not.toContain('hush');
  });
});

describe('a text from AWS', () => {
  const secrets = secretTexts(COMPLETE_DEFINITION);

  it('loses every masked text of four or more characters', () => {
    for (const text of [
      'hush-8',
      'hush-entry',
      '--token=hush-command',
      'curl -H hush-health localhost',
      'hush-label',
      'hush-option',
      'hush-firelens',
      'hush-driver',
      'hush-volume-label',
      'hush-1337',
    ]) {
      expect(secrets).toContain(text);
      expect(withoutSecrets(`failed: ${text}!`, secrets)).toBe('failed: [hidden]!');
    }
    expect(secretTexts({ containerDefinitions: [{ environment: [{ name: 'A', value: 'abc' }] }] })).toEqual([]);
  });

  it('keeps what is shown anyway', () => {
    for (const text of ['/notify/app', 'MAX_WORKERS', 'app']) expect(secrets).not.toContain(text);
  });

  it('loses the longer of two secrets whole', () => {
    const both = secretTexts({
      containerDefinitions: [{ command: ['abcd', 'abcd-efgh'] }],
    });
    expect(withoutSecrets('x abcd-efgh abcd', both)).toBe('x [hidden] [hidden]');
  });

  it('loses users of URLs and access key ids', () => {
    expect(withoutSecrets('postgres://user:p@ss@db.test/x AKIAIOSFODNN7EXAMPLE', [])).toBe(
      'postgres://db.test/x [hidden]',
    );
    expect(withoutSecrets('see https://docs.test/@scope', [])).toBe('see https://docs.test/@scope');
  });

  it('knows the masked texts of fields nobody foresaw', () => {
    const novel: object = {
      novelty: { deep: ['hush-task'] },
      containerDefinitions: [{ novelty: 'hush-container' }],
      volumes: [{ novelty: 'hush-volume' }],
    };
    expect([...secretTexts(novel as TaskDefinition)].sort()).toEqual(['hush-container', 'hush-task', 'hush-volume']);
  });
});
