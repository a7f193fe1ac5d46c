import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { fileShape } from '@/lib/config/file-shape';
import { innerShape, settingOf } from '@/lib/config/settings';
import { parseConfiguration } from '@/lib/config/targets';
import { editorSchema, referencePage } from './configuration-reference';

const docs = (name: string): string => readFileSync(fileURLToPath(new URL(`../docs/${name}`, import.meta.url)), 'utf8');

/** Every setting of the file with its shape, by path; names a person chooses are `*`. */
function settings(shape: z.ZodType, path: readonly string[] = []): readonly (readonly [string, z.ZodType])[] {
  const members = Object.entries(settingOf(shape).members ?? {});
  const inner = innerShape(shape);
  return [
    ...members.flatMap(([name, member]) => [
      [[...path, name].join('.'), member] as const,
      ...settings(member, [...path, name]),
    ]),
    ...(inner === null ? [] : settings(inner, [...path, '*'])),
  ];
}

/** Paths of everything a value holds, names a person chose as `*` where the shape takes any. */
function paths(value: unknown, shape: z.ZodType, path: readonly string[] = []): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { members } = settingOf(shape);
  return Object.entries(value).flatMap(([name, below]) => {
    const at = [...path, members === null ? '*' : name];
    const shapeBelow = members?.[name] ?? innerShape(shape);
    return [at.join('.'), ...(shapeBelow ? paths(below, shapeBelow, at) : [])];
  });
}

describe('the reference of the configuration', () => {
  it('is current; npm run reference writes it', () => {
    expect(docs('configuration.md')).toBe(referencePage());
    expect(docs('ecs-rollback.schema.json')).toBe(editorSchema());
  });

  it('has words and an example for every setting', () => {
    const silent = settings(fileShape).filter(([, shape]) => {
      const { description = '', example } = settingOf(shape);
      return description === '' || example === undefined || !shape.safeParse(example).success;
    });
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('has an example file that is taken, and that shows every setting', () => {
    const example = docs('ecs-rollback.example.yaml');
    expect(parseConfiguration(example, 'example').ok).toBe(true);
    const shown = new Set(paths(parse(example), fileShape));
    expect(settings(fileShape).filter(([path]) => !shown.has(path))).toEqual([]);
  });

  it('gives editors a schema that requires and refuses what the tool does', () => {
    const schema = JSON.parse(editorSchema());
    expect(schema).toMatchObject({ required: ['targets'], additionalProperties: false });
    expect(schema.properties.targets.additionalProperties).toMatchObject({
      required: ['account', 'region', 'protected', 'colour', 'operators'],
      additionalProperties: false,
    });
  });
});
