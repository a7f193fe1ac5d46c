/** Packages that some entry of a lockfile may bring and the lockfile does not hold, by the place they would have. */
export function gapsIn(
  packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>,
): ReadonlyMap<string, { readonly name: string; readonly wanted: string; readonly dev: boolean }>;
