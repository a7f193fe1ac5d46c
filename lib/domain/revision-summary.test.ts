import { describe, expect, it } from 'vitest';
import { apiDefinition, revisionOf } from '@/lib/domain/fixtures';
import { isFoundBy, summaryOf } from './revision-summary';

const described = revisionOf(apiDefinition(428));
const summary = summaryOf(described);

describe('the summary of a revision', () => {
  it('holds names and images, and nothing else of the definition', () => {
    expect(Object.keys(summary.shown)).toEqual(['family', 'containerDefinitions']);
    for (const container of summary.shown.containerDefinitions) {
      expect(Object.keys(container)).toEqual(['name', 'image', 'essential']);
    }
    expect(JSON.stringify(summary)).not.toContain('hidden');
  });

  it('keeps of the tags only those that name a copy', () => {
    const tags = [
      { key: 'ecs-rollback:copied-from', value: 'api:421' },
      { key: 'team', value: 'not ours to keep' },
    ];
    expect(summaryOf({ ...described, tags }).tags).toEqual([tags[0]]);
  });

  it('is found by its number or by a part of an image, in any case', () => {
    const tag = summary.shown.containerDefinitions[0]?.image?.split(':').at(-1) ?? '';
    expect([isFoundBy(summary, tag.toUpperCase()), isFoundBy(summary, ' 428 ')]).toEqual([true, true]);
    expect([isFoundBy(summary, '42'), isFoundBy(summary, 'release-0')]).toEqual([false, false]);
  });
});
