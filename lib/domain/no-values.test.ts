import { inspect } from 'node:util';
import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok } from '@/lib/result';
import { byHand } from './by-hand';
import { diff } from './diff';
import { asJson, summaryOf, theSame, thingsDiffer } from './difference-words';
import { apiDefinition, facts, normalised, revisionOf, shownOf, wish } from './fixtures';
import { HAS_PUBLIC_DEFINITIONS, NO_PUBLIC_DEFINITIONS, publicDefinitions } from './fixtures/public-definitions';
import { planFrom } from './plan';
import { bodyOf } from './plan-body';

/** A definition whose every hidden place holds the given texts. */
function holding(base: TaskDefinition, [a = '', b = '', c = '', d = '']: readonly string[]): TaskDefinition {
  const container = (one: ContainerDefinition): ContainerDefinition => ({
    ...one,
    environment: [...(one.environment ?? []), { name: 'HIDDEN', value: a }],
    command: [b],
    entryPoint: [c],
    healthCheck: { command: ['CMD-SHELL', d] },
    dockerLabels: { label: a },
    logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': b } },
    firelensConfiguration: { type: 'fluentd', options: { key: c } },
  });
  return {
    ...base,
    containerDefinitions: base.containerDefinitions?.map(container),
    volumes: [{ name: 'v', dockerVolumeConfiguration: { driverOpts: { o: d }, labels: { l: a } } }],
    proxyConfiguration: { containerName: 'app', properties: [{ name: 'P', value: b }] },
  };
}

/** Everything people, pages, logs and the record could get of going from one definition to another. */
function everythingShown(running: TaskDefinition, wanted: TaskDefinition): string {
  const [now, willBe] = [normalised(running), normalised(wanted)];
  const changes = diff(now, willBe);
  const words = [thingsDiffer(changes), summaryOf(changes), theSame(changes), asJson(now), asJson(willBe)];
  const plans = (['images', 'everything', null] as const).flatMap((bring) => {
    const asked = facts({ running: ok(revisionOf(running)), wanted: ok(revisionOf(wanted)), wish: wish({ bring }) });
    const planned = planFrom(asked);
    if (planned.kind !== 'plan') return [JSON.stringify(planned), inspect(planned, { depth: 12 })];
    // The decision goes into a keyed hash and nowhere else; it alone may hold prints.
    const { decision: _decision, ...plan } = planned.plan;
    const body = bodyOf(planned.plan, asked.wish);
    return [
      JSON.stringify(plan),
      inspect(plan, { depth: 12, showHidden: true }),
      JSON.stringify(body),
      byHand(body).join('\n'),
    ];
  });
  return [JSON.stringify(changes), inspect(changes, { depth: 12 }), ...words, ...plans].join('\n');
}

/** Texts that cannot stand in an output by chance. */
const secret = fc.stringMatching(/^[a-z]{4,12}$/).map((text) => `zq${text}qz`);

describe('no value of a variable, command, label, option or property', () => {
  it('is in anything that is made of two definitions', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 4, maxLength: 4 }),
        fc.array(secret, { minLength: 4, maxLength: 4 }),
        (one, other) => {
          const shown = everythingShown(holding(apiDefinition(428), one), holding(apiDefinition(421), other));
          for (const text of [...one, ...other]) expect(shown.includes(text)).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is in the decision as itself: only its print is', () => {
    const planned = planFrom(
      facts({
        wanted: ok(revisionOf(holding(apiDefinition(421), ['zqsecretqz']))),
        wish: wish({ bring: 'everything' }),
      }),
    );
    const decision = planned.kind === 'plan' ? JSON.stringify(planned.plan.decision) : '';
    expect(decision).toContain('print-of-zqsecretqz');
    expect(decision.replaceAll('print-of-zqsecretqz', '')).not.toContain('zqsecretqz');
  });

  it('of any public definition is in what is shown of it', ({ skip }) => {
    skip(!HAS_PUBLIC_DEFINITIONS, NO_PUBLIC_DEFINITIONS);
    for (const [file, definition] of publicDefinitions()) {
      const values = (definition.containerDefinitions ?? []).flatMap(({ environment, command, entryPoint }) => [
        ...(environment ?? []).map(({ value }) => String(value ?? '')),
        ...(command ?? []),
        ...(entryPoint ?? []),
      ]);
      const before = JSON.stringify(shownOf({ ...definition, containerDefinitions: [] }));
      const shown = JSON.stringify(diff(normalised({ family: definition.family }), normalised(definition)));
      for (const value of values.filter((text) => text.length >= 8 && !before.includes(text))) {
        const named = JSON.stringify(definition).split(JSON.stringify(value)).length - 1;
        // A text that also stands where it may be shown says nothing.
        if (named === 1) expect(shown.includes(value), `${file}: ${value}`).toBe(false);
      }
    }
  });
});
