import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '@/scripts/root.mjs';

/** What a page costs whoever opens it with nothing kept from before. Bytes are those that crossed the wire, compressed. */
export type Weight = {
  readonly requests: number;
  readonly bytes: number;
  readonly scriptBytes: number;
  /** Compressed script that is not the framework's own, without the headers it comes with. */
  readonly ownScriptBytes: number;
  readonly firstByteMs: number;
};

/** Opens an address with an empty cache and weighs everything that comes until nothing comes any more. */
export async function weigh(page: Page, address: string): Promise<Weight> {
  const framework = await frameworkScripts();
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  await wire.send('Network.setCacheDisabled', { cacheDisabled: true });
  const scripts = new Map<string, string>();
  const arrived: { readonly id: string; readonly bytes: number }[] = [];
  const bodies = new Map<string, number>();
  wire.on('Network.responseReceived', ({ requestId, type, response: { url } }) => {
    if (type === 'Script') scripts.set(requestId, new URL(url).pathname.replace('/_next/', ''));
  });
  wire.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    bodies.set(requestId, (bodies.get(requestId) ?? 0) + encodedDataLength);
  });
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    arrived.push({ id: requestId, bytes: encodedDataLength });
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  const firstByteMs = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return Math.round((navigation?.responseStart ?? 0) - (navigation?.requestStart ?? 0));
  });
  await wire.detach();
  const sum = (counts: (id: string) => boolean): number =>
    arrived.filter(({ id }) => counts(id)).reduce((total, { bytes }) => total + bytes, 0);
  const own = [...scripts].filter(([, file]) => !framework.has(file));
  return {
    requests: arrived.length,
    bytes: sum(() => true),
    scriptBytes: sum((id) => scripts.has(id)),
    ownScriptBytes: own.reduce((total, [id]) => total + (bodies.get(id) ?? 0), 0),
    firstByteMs,
  };
}

/** Files every page of the framework loads, as its build says. */
async function frameworkScripts(): Promise<ReadonlySet<string>> {
  const manifest = JSON.parse(await readFile(join(ROOT, '.next/build-manifest.json'), 'utf8')) as {
    readonly rootMainFiles: readonly string[];
    readonly polyfillFiles: readonly string[];
  };
  return new Set([...manifest.rootMainFiles, ...manifest.polyfillFiles]);
}
