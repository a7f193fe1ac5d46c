import type { Existence, RollbackFacts } from '@/lib/domain/facts';
import { logGroupsNamed, rolesNamed, secretsNamed } from '@/lib/domain/leaning';
import { ok } from '@/lib/result';
import type { Draft } from './draft';
import { blocks, type Finding, notChecked, passed, warns, whyNot } from './finding';

type Question = {
  /** What the resulting definition names. */
  readonly needed: readonly string[];
  readonly known: Existence;
  /** `secret`, `secrets`. */
  readonly one: string;
  readonly many: string;
  /** How a name reads in a sentence. */
  readonly nameOf: (name: string) => string;
  readonly missing: (names: readonly string[]) => Finding;
};

/** Something missing outweighs something unread, and that outweighs all being there. What nobody asked about is unread. */
function existing({ needed, known, one, many, nameOf, missing }: Question): Finding {
  const gone = needed.filter((name) => isFalse(known, name));
  if (gone.length > 0) return missing(gone);
  const unread = needed.filter((name) => !known.get(name)?.ok);
  const [first] = unread;
  if (first !== undefined) {
    const [what, verb] =
      unread.length === 1 ? [`${one} ${nameOf(first)}`, 'exists'] : [`${unread.length} ${many}`, 'exist'];
    return notChecked(`Whether ${what} ${verb}: not checked (${reasonFor(known, first)}).`);
  }
  return passed(needed.length === 0 ? `no ${many} are needed` : `all ${many} exist`);
}

function isFalse(known: Existence, name: string): boolean {
  const fact = known.get(name);
  return fact?.ok === true && !fact.value;
}

function reasonFor(known: Existence, name: string): string {
  const fact = known.get(name);
  return fact === undefined || fact.ok ? 'not asked' : whyNot(fact.error);
}

const plural = (names: readonly string[], one: string, many: string): string =>
  `${names.length === 1 ? one : many} ${names.join(', ')} no longer ${names.length === 1 ? 'exists' : 'exist'}`;

export const secretsExist = ({ secrets }: RollbackFacts, { shown }: Draft): Finding =>
  existing({
    needed: [...secretsNamed([shown]).keys()],
    known: secrets,
    one: 'secret',
    many: 'secrets',
    nameOf: secretName,
    missing: (names) => blocks(`The ${plural(names.map(secretName), 'secret', 'secrets')}.`),
  });

/** The name within a secret's or parameter's ARN; Secrets Manager adds six characters of its own, which go. */
function secretName(reference: string): string {
  const [, , service, , , kind = '', name = ''] = reference.split(':');
  if (service === 'secretsmanager') return name.replace(/-[A-Za-z0-9]{6}$/, '');
  return service === 'ssm' ? kind.replace(/^parameter\/?/, '') : reference;
}

export function rolesExist({ roles }: RollbackFacts, { shown }: Draft): Finding {
  const needed = rolesNamed([shown]);
  const kindOf = (arn: string): string => (arn === shown.taskRoleArn ? 'task' : 'execution');
  const closed = needed.find((arn) => {
    const fact = roles.get(arn);
    return fact?.ok && fact.value === 'closed';
  });
  const exists = existing({
    needed,
    known: new Map([...roles].map(([arn, fact]) => [arn, fact.ok ? ok(fact.value !== 'gone') : fact])),
    one: 'role',
    many: 'roles',
    nameOf: roleName,
    missing: ([first = '']) => blocks(`The ${kindOf(first)} role ${roleName(first)} no longer exists.`),
  });
  if (exists.kind === 'blocks' || closed === undefined) return exists;
  return blocks(
    `The ${kindOf(closed)} role ${roleName(closed)} does not let ECS tasks take it: its trust policy keeps them out.`,
  );
}

const roleName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

export const logGroup = ({ logGroups }: RollbackFacts, { shown }: Draft): Finding =>
  existing({
    needed: [...logGroupsNamed([shown]).keys()],
    known: logGroups,
    one: 'log group',
    many: 'log groups',
    nameOf: (name) => name,
    missing: (names) =>
      warns(
        names.length === 1 ? `Log group ${names[0]} does not exist.` : `Log groups ${names.join(', ')} do not exist.`,
      ),
  });
