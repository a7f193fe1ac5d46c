// The policies of docs/iam, with the names of one account in place of their placeholders.
import dashboard from '@/docs/iam/dashboard-policy.json';
import reader from '@/docs/iam/reader-policy.json';
import trust from '@/docs/iam/trust-policy.json';
import writer from '@/docs/iam/writer-policy.json';

/** One statement of a policy; every list is written as a list. */
export type Statement = {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Principal?: Readonly<Record<string, readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[] | undefined>>>>;
};

export type Policy = { readonly Version: string; readonly Statement: readonly Statement[] };

/** The policies as they are shipped. */
export const SHIPPED = { dashboard, reader, trust, writer } as const satisfies Record<string, Policy>;

/** What placeholders stand for; a placeholder may stand for several values. */
export type Names = Readonly<Record<string, readonly string[]>>;

/** A policy with its placeholders filled: each text that holds one becomes a text for each of its values. */
export function filled(policy: Policy, names: Names): Policy {
  return { ...policy, Statement: policy.Statement.map((statement) => fill(statement, names) as Statement) };
}

function fill(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((member: unknown): readonly unknown[] =>
      typeof member === 'string' ? texts(member, names) : [fill(member, names)],
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, names)]));
}

function texts(text: string, names: Names): readonly string[] {
  return Object.entries(names).reduce<readonly string[]>(
    (all, [placeholder, values]) =>
      all.flatMap((one) =>
        one.includes(placeholder) ? values.map((value) => one.replaceAll(placeholder, value)) : [one],
      ),
    [text],
  );
}

/** The shipped statements that allow the given actions, cut down to them. */
export const statementsFor = (policy: Policy, actions: ReadonlySet<string>): readonly Statement[] =>
  policy.Statement.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((one) => actions.has(one)),
  })).filter(({ Action }) => Action.length > 0);
