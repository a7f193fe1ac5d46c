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
