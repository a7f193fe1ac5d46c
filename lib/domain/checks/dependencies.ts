import type { Existence, RollbackFacts } from '@/lib/domain/facts';
import { blocks, type Finding, notChecked, passed, warns, whyNot } from './finding';

type Question = { readonly what: string; readonly many: string; readonly missing: (name: string) => Finding };

/** What an existence map says: something missing outweighs something unread, and that outweighs all being there. */
function existing(things: Existence, { what, many, missing }: Question): Finding {
  const gone = [...things].find(([, fact]) => fact.ok && !fact.value);
  if (gone) return missing(gone[0]);
  const unread = [...things].flatMap(([name, fact]) => (fact.ok ? [] : [{ name, failure: fact.error }]));
  const [first] = unread;
  if (first !== undefined) {
    const names = unread.length === 1 ? `${what} ${first.name}` : `${unread.length} ${many}`;
    return notChecked(
      `Whether ${names} exist${unread.length === 1 ? 's' : ''}: not checked (${whyNot(first.failure)}).`,
    );
  }
  return passed(things.size === 0 ? `no ${many} are needed` : `all ${many} exist`);
}

export const secretsExist = ({ secrets }: RollbackFacts): Finding =>
  existing(secrets, {
    what: 'secret',
    many: 'secrets',
    missing: (name) => blocks(`The secret ${name} no longer exists.`),
  });

export const rolesExist = ({ roles }: RollbackFacts): Finding =>
  existing(roles, {
    what: 'role',
    many: 'roles',
    missing: (name) => blocks(`The task role ${name} no longer exists.`),
  });

export const logGroup = ({ logGroups }: RollbackFacts): Finding =>
  existing(logGroups, {
    what: 'log group',
    many: 'log groups',
    missing: (name) => warns(`Log group ${name} does not exist.`),
  });
