import { application } from '@/lib/application';

/** What a page's address asks for, as the framework hands it over. */
export type Query = Promise<Readonly<Record<string, string | string[] | undefined>>>;

/** The members of an address's query that are wanted, each once; one given twice counts for nothing. */
export async function readQuery<Name extends string>(
  query: Query,
  names: readonly Name[],
): Promise<Readonly<Partial<Record<Name, string>>>> {
  const given = await query;
  return Object.fromEntries(
    names.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]] as const] : [])),
  ) as Partial<Record<Name, string>>;
}

/** The named parts of an address's path, decoded: the framework hands them over as they were written. */
export async function readPath<Name extends string>(
  path: Promise<Readonly<Record<Name, string>>>,
): Promise<Readonly<Record<Name, string>>> {
  const parts = Object.entries<string>(await path).map(([name, part]) => [name, decoded(part)] as const);
  return Object.fromEntries(parts) as Record<Name, string>;
}

/** A part that does not decode names nothing, and is looked up as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A page's whole address, for somebody who reads it elsewhere. */
export const wholeAddress = (path: string): string => `${application().environment.baseUrl}${path}`;
