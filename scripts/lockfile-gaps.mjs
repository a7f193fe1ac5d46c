/**
 * Packages that some entry of a lockfile may bring and the lockfile does not hold, by the place they would have.
 *
 * @param packages - The member `packages` of a `package-lock.json`.
 */
export function gapsIn(packages) {
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, wanted] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!isThere(packages, path, name)) {
        found.set(`node_modules/${name}`, { name, wanted, dev: entry.dev === true });
      }
    }
  }
  return found;
}

/** Whether a package asked for by the entry at `path` is found, looking upwards as Node does. */
function isThere(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}
