import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff } from './diff';
import { asJson, summaryOf, theSame, thingsDiffer } from './difference-words';
import { normalised } from './fixtures';
import { COMPLETE_DEFINITION } from './fixtures/complete-definition';
import { changedAt, leavesOf, otherThan, reordered } from './fixtures/every-leaf';
import { ECS_WRITES, groupOf, ORDERED } from './fixtures/field-groups';

// Definitions nobody wrote: any of the fields the SDK knows, in one to three containers, with values of their own.

/** Text that cannot stand in an output by chance. */
const hidden = fc.stringMatching(/^[a-z]{4,12}$/).map((text) => `zq${text}qz`);

const [COMPLETE_CONTAINER = {}] = COMPLETE_DEFINITION.containerDefinitions ?? [];

/** A container with some of the fields there are, and hidden values of its own. */
const container = (name: string): fc.Arbitrary<ContainerDefinition> =>
  fc
    .record({
      fields: fc.subarray(Object.keys(COMPLETE_CONTAINER)),
      variables: fc.uniqueArray(fc.stringMatching(/^[A-Z]{1,8}$/), { maxLength: 4 }),
      labels: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 3 }),
      text: hidden,
    })
    .map(({ fields, variables, labels, text }) => ({
      ...Object.fromEntries(Object.entries(COMPLETE_CONTAINER).filter(([field]) => fields.includes(field))),
      name,
      image: `registry.example/${name}:1`,
      environment: variables.map((variable) => ({ name: variable, value: `${text}${variable}` })),
      dockerLabels: Object.fromEntries(labels.map((label) => [label, `${text}-label`])),
      command: [text],
      logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': text } },
    }));

const definition: fc.Arbitrary<TaskDefinition> = fc
  .record({
    fields: fc.subarray(Object.keys(COMPLETE_DEFINITION).filter((field) => field !== 'containerDefinitions')),
    containerDefinitions: fc
      .subarray(['app', 'nginx', 'otel'], { minLength: 1 })
      .chain((names) => fc.tuple(...names.map(container))),
  })
  .map(({ fields, containerDefinitions }) => ({
    ...Object.fromEntries(Object.entries(COMPLETE_DEFINITION).filter(([field]) => fields.includes(field))),
    family: 'generated',
    containerDefinitions,
  }));

const RUNS = { numRuns: 50 };

describe('of any definition', () => {
  it('the difference with itself is none', () => {
    fc.assert(
      fc.property(definition, (one) => {
        expect(diff(normalised(one), normalised(structuredClone(one)))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('the difference with itself in another order of what has none is none', () => {
    fc.assert(
      fc.property(definition, fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }), (one, numbers) => {
        let index = 0;
        const next = () => numbers[index++ % numbers.length] ?? 0;
        const other = reordered(one, next, ORDERED) as TaskDefinition;
        expect(diff(normalised(one), normalised(other))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('a change of any one field is reported, in its group and in no other', () => {
    fc.assert(
      fc.property(definition, fc.nat(), (one, pick) => {
        const paths = leavesOf(one).filter(([field]) => !ECS_WRITES.has(String(field)));
        const path = paths[pick % paths.length] ?? [];
        const other = changedAt(one, path, otherThan) as TaskDefinition;
        const subjects = new Set(diff(normalised(one), normalised(other)).map(({ subject }) => subject));
        expect([...subjects], path.join('.')).toEqual([groupOf(path)]);
      }),
      { numRuns: 200 },
    );
  });

  it('no hidden value is in what is said of its difference from any other', () => {
    fc.assert(
      fc.property(definition, definition, (one, other) => {
        const [now, willBe] = [normalised(one), normalised(other)];
        const changes = diff(now, willBe);
        const words = [thingsDiffer(changes), summaryOf(changes), theSame(changes), asJson(now), asJson(willBe)];
        const said = [JSON.stringify(changes), ...words].join('\n');
        expect(said).not.toMatch(/zq[a-z]+qz|hush/);
      }),
      RUNS,
    );
  });
});
