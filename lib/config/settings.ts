import type { z } from 'zod';

/** One setting of the file, as its shape describes it. */
export type Setting = {
  readonly description: string | undefined;
  readonly example: unknown;
  /** What counts where it is left out; `undefined` where nothing does. */
  readonly fallback: unknown;
  readonly required: boolean;
  /** Settings below this one, by name; `null` where it has none. */
  readonly members: Readonly<Record<string, z.ZodType>> | null;
};

type Definition = {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly defaultValue?: unknown;
};

const definitionOf = (shape: z.ZodType): Definition => shape._zod.def as unknown as Definition;

/** Below `optional` and `default`. */
function core(shape: z.ZodType): z.ZodType {
  const { innerType } = definitionOf(shape);
  return innerType === undefined ? shape : core(innerType);
}

/** What a shape says of itself. */
export function settingOf(shape: z.ZodType): Setting {
  const { description, examples } = (shape.meta() ?? {}) as { description?: string; examples?: readonly unknown[] };
  const { type, defaultValue } = definitionOf(shape);
  return {
    description,
    example: examples?.[0],
    fallback: type === 'default' ? defaultValue : undefined,
    required: type !== 'default' && type !== 'optional',
    members: definitionOf(core(shape)).shape ?? null,
  };
}

/** The shape of a map's values or a list's members; `null` where it has neither. */
export function innerShape(shape: z.ZodType): z.ZodType | null {
  const { valueType, element } = definitionOf(core(shape));
  return valueType ?? element ?? null;
}

/** The setting a path of a file leads to; `null` where none stands there. */
export function settingAt(shape: z.ZodType, path: readonly PropertyKey[]): Setting | null {
  const [first, ...rest] = path;
  if (first === undefined) return settingOf(shape);
  const { members } = settingOf(shape);
  const below = members !== null && Object.hasOwn(members, first) ? members[String(first)] : innerShape(shape);
  return below === undefined || below === null ? null : settingAt(below, rest);
}
