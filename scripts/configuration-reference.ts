// What the shapes of lib/config say, as a page for people and as a schema for editors: `npm run reference` writes both.
import { z } from 'zod';
import { fileShape } from '@/lib/config/file-shape';
import { innerShape, settingOf } from '@/lib/config/settings';
import { VARIABLES, type Variable } from '@/lib/config/variables';

/** The JSON Schema by which editors complete and check `ecs-rollback.yaml`. */
export function editorSchema(): string {
  const schema = z.toJSONSchema(fileShape, { io: 'input', target: 'draft-7', override: asSets });
  return `${JSON.stringify({ $schema: schema.$schema, title: 'ecs-rollback.yaml', ...schema }, null, 2)}\n`;
}

/** Lists whose members must differ say so to editors too; everything else is as zod writes it. */
function asSets({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: z.core.JSONSchema.BaseSchema }) {
  if (zodSchema._zod.def.type === 'array') jsonSchema.uniqueItems = true;
}

/** The page `docs/configuration.md`. */
export function referencePage(): string {
  return `${[
    '# Configuration',
    'The process is told by its environment, the organisation by one YAML file. Both are read once, at start. Anything wrong stops the start, and every mistake is told at once: where it stands, what stands there and what to write instead. Values of secrets are never repeated.',
    '<!-- Written by `npm run reference` from lib/config. -->',
    '## Environment',
    variables(),
    'Other names that begin with `ECS_ROLLBACK_` stop the start, and so do `AUTH_TRUST_HOST` and `VERCEL`. Everything that begins with `AWS_` is read by the AWS SDK: credentials come from the task role, the instance role, a profile or variables, in the SDK’s own order. `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` send calls elsewhere; the pages then say so.',
    '## `ecs-rollback.yaml`',
    'A setting the tool does not know is a mistake, not a comment. [ecs-rollback.example.yaml](ecs-rollback.example.yaml) has every setting; [ecs-rollback.schema.json](ecs-rollback.schema.json) lets an editor complete and check the file, if its first line is `# yaml-language-server: $schema=` and the path of the schema.',
    ...sections(fileShape, []),
  ].join('\n\n')}\n`;
}

function variables(): string {
  const rows = Object.entries<Variable>(VARIABLES).map(([name, { meaning, fallback }]) => [
    `\`${name}\``,
    meaning,
    fallback ?? '**must be set**',
  ]);
  return table(['Variable', 'Meaning', 'Where not set'], rows);
}

/** A table of one map's settings, then one of each map below it. */
function sections(shape: z.ZodType, path: readonly string[]): readonly string[] {
  const members = Object.entries(settingOf(shape).members ?? {});
  const rows = members.map(([name, member]) => {
    const { description = '', required } = settingOf(member);
    return [`\`${name}\``, description, accepts(member), required ? '**must be set**' : leftOut(member)];
  });
  const heading = path.length === 0 ? [] : [`### \`${path.join('.')}\``];
  return [
    ...heading,
    table(['Setting', 'Meaning', 'Takes', 'Where left out'], rows),
    ...members.flatMap(([name, member]) => {
      const below = settingOf(member).members === null ? innerShape(member) : member;
      if (below === null || settingOf(below).members === null) return [];
      return sections(below, [...path, name, ...(below === member ? [] : ['<name>'])]);
    }),
  ];
}

const leftOut = (shape: z.ZodType): string => {
  const { fallback } = settingOf(shape);
  return fallback === undefined ? 'nothing' : `\`${JSON.stringify(fallback)}\``;
};

type Described = z.core.JSONSchema.BaseSchema;

const accepts = (shape: z.ZodType): string =>
  taken(z.toJSONSchema(shape, { io: 'input', target: 'draft-7' }) as Described);

function taken(schema: Described): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  switch (schema.type) {
    case 'integer':
      return `whole number, ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return 'list of texts';
    case 'object':
      return 'map';
    default:
      return 'text';
  }
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
