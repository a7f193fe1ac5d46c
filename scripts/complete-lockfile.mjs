// Adds to package-lock.json the optional packages built for other platforms, which npm may leave out of a lockfile made
// on this one; `npm ci` then refuses it. Run it after changing dependencies: `npm run lockfile`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gapsIn } from './lockfile-gaps.mjs';

const FILE = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(FILE, 'utf8'));

const ASKED = ['version', 'dist.integrity', 'cpu', 'os', 'libc', 'license', 'engines', 'dependencies', 'scripts'];

/** What the registry says of a package, as a lockfile writes it. */
function entryFor({ name, wanted, dev }) {
  const said = JSON.parse(execFileSync('npm', ['view', `${name}@${wanted}`, '--json', ...ASKED], { encoding: 'utf8' }));
  const view = Array.isArray(said) ? said.at(-1) : said;
  const { version, cpu, os, libc, license, engines, dependencies, scripts = {} } = view;
  const runsScript = ['preinstall', 'install', 'postinstall'].some((script) => scripts[script] !== undefined);
  return {
    version,
    integrity: view['dist.integrity'],
    ...(cpu && { cpu: [cpu].flat() }),
    ...(dev && { dev: true }),
    ...(runsScript && { hasInstallScript: true }),
    ...(libc && { libc: [libc].flat() }),
    ...(license && { license }),
    optional: true,
    ...(os && { os: [os].flat() }),
    ...(dependencies && { dependencies }),
    ...(engines && { engines }),
  };
}

for (let gaps = gapsIn(lock.packages); gaps.size > 0; gaps = gapsIn(lock.packages)) {
  for (const [place, gap] of gaps) {
    console.log(`adding ${gap.name}@${gap.wanted}`);
    lock.packages[place] = entryFor(gap);
  }
}
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
