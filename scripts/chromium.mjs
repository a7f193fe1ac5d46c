import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { install, mayInstall } from './debian.mjs';
import { Halt } from './root.mjs';
import { runStep } from './step.mjs';

/** The one without a window comes first: the same pages, drawn with half the work. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What distributions call it; not every one has the first. */
const PACKAGES = ['chromium-headless-shell', 'chromium'];

/** What tests start Chromium with: nothing of it calls home, and containers have neither a sandbox nor a graphics card. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** A Chromium of the machine; `null` where there is none, or none that starts. */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  const places = (env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place) && starts(place)) ?? null;
}

// Some distributions ship a program of that name that only says how to install it.
const starts = (place) => spawnSync(place, ['--version'], { timeout: 20_000 }).status === 0;

/** Finds a Chromium or installs one. Returns its path; `null` for Playwright's own. */
export async function ensureChromium(say = console.log) {
  const found = findChromium();
  if (found !== null) {
    if (!existsSync(found)) throw new Halt(`CHROMIUM_PATH names ${found}, which is not there.`);
    return found;
  }
  const { chromium } = await import('@playwright/test');
  if (existsSync(chromium.executablePath())) return null;
  if (process.platform !== 'linux') {
    say('Installing Chromium for Playwright …');
    if ((await runStep('playwright', ['install', 'chromium'])) === 0) return null;
  } else if (mayInstall()) {
    say('Installing Chromium from the distribution (about a minute) …');
    for (const name of PACKAGES) {
      await install([name, 'fonts-dejavu-core']);
      const installed = findChromium();
      if (installed !== null) return installed;
    }
  }
  throw new Halt(
    'Browser tests need Chromium: "apt-get install chromium", or "npx playwright install --with-deps chromium", or set CHROMIUM_PATH.',
  );
}
