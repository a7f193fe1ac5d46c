// Adds to package-lock.json the optional packages built for other platforms, which npm may leave out of a lockfile made
// on this one; `npm ci` then refuses it. Run it after changing dependencies: `npm run lockfile`.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(FILE, 'utf8'));

/** Packages that some entry may bring, and the lockfile does not hold. */
function missing() {
  const found = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, wanted] of Object.entries(entry.optionalDependencies ?? {})) {
      if (placeOf(path, name) === null) found.set(`node_modules/${name}`, { name, wanted, dev: entry.dev === true });
    }
  }
  return found;
}

/** Where a package asked for by the entry at `path` stands, looking upwards as Node does. */
function placeOf(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (lock.packages[place] !== undefined) return place;
    if (folder === '') return null;
  }
}

/** What the registry says of a package, as a lockfile writes it. */
function entryFor({ name, wanted, dev }) {
  const said = JSON.parse(
    execFileSync(
      'npm',
      [
        'view',
        `${name}@${wanted}`,
        '--json',
        'version',
        'dist.integrity',
        'cpu',
        'os',
        'libc',
        'license',
        'engines',
        'optionalDependencies',
        'dependencies',
      ],
      {
        encoding: 'utf8',
      },
    ),
  );
  const view = Array.isArray(said) ? said.at(-1) : said;
  const { version, cpu, os, libc, license, engines, dependencies } = view;
  return {
    version,
    integrity: view['dist.integrity'],
    ...(cpu && { cpu: [cpu].flat() }),
    ...(dev && { dev: true }),
    ...(libc && { libc: [libc].flat() }),
    ...(license && { license }),
    optional: true,
    ...(os && { os: [os].flat() }),
    ...(dependencies && { dependencies }),
    ...(engines && { engines }),
  };
}

for (let gaps = missing(); gaps.size > 0; gaps = missing()) {
  for (const [place, gap] of gaps) {
    console.log(`adding ${gap.name}@${gap.wanted}`);
    lock.packages[place] = entryFor(gap);
  }
}
const [[root, own], ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([[root, own], ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
if (existsSync(FILE)) writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
