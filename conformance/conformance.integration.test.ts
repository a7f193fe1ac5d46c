import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ECSClient } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '@/simulator/start';
import { GROUPS, runConformance } from './run';

const PLACE = { image: 'public.ecr.aws/nginx/nginx:1.29', subnets: [], patience: 1 };
const TOTAL = GROUPS.reduce((sum, { checks }) => sum + checks.length, 0);

/** The report on an endpoint, and whether the suite is content with it. */
async function report(endpoint: string): Promise<{ readonly fine: boolean; readonly lines: readonly string[] }> {
  const credentials = { accessKeyId: 'AKIA111111111111DEMO', secretAccessKey: 'any' };
  const ecs = new ECSClient({ endpoint, region: 'eu-west-1', credentials });
  const lines: string[] = [];
  const fine = await runConformance({ ecs, place: PLACE, say: (line) => lines.push(...line.split('\n')) });
  ecs.destroy();
  return { fine, lines };
}

/** The report on an endpoint that answers everything the same way. */
async function reportOn(listener: RequestListener): ReturnType<typeof report> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await report(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the conformance suite', () => {
  it('has forty to sixty checks, each named once in its group', () => {
    expect(TOTAL).toBeGreaterThanOrEqual(40);
    expect(TOTAL).toBeLessThanOrEqual(60);
    const names = GROUPS.flatMap(({ title, checks }) => checks.map(({ name }) => `${title}: ${name}`));
    expect(new Set(names).size).toBe(TOTAL);
  });

  it('is passed in full by the simulator', async () => {
    const simulator = await startSimulator({ port: 0, scenario: 'empty', speed: 300 });
    const { fine, lines } = await report(simulator.url);
    const left = simulator.world.accounts.get('111111111111')?.regions.get('eu-west-1');
    await simulator.close();
    expect(lines.filter((line) => /^ {2}(deviates|not supported)/.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe(`${TOTAL} of ${TOTAL} passed`);
    expect(fine).toBe(true);
    expect([...(left?.clusters.values() ?? [])].filter(({ status }) => status === 'ACTIVE')).toEqual([]);
  });

  it.each<readonly [string, RequestListener, RegExp]>([
    [
      '500',
      (_request, response) => response.writeHead(500).end('{"__type":"ServerException","message":"no"}'),
      /ServerException \(HTTP 500\): no/,
    ],
    [
      'a page of HTML',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Hello</html>'),
      /SyntaxError/,
    ],
    ['a cut connection', (request) => request.socket.destroy(), /socket hang up|ECONNRESET/],
  ])('is readable and not content where %s answers everything', async (_case, listener, words) => {
    const { fine, lines } = await reportOn(listener);
    expect(fine).toBe(false);
    expect(lines[0]).toMatch(words);
    expect(lines.every((line) => line.length < 400)).toBe(true);
    expect(lines.at(-1)).toBe(`0 of ${TOTAL} passed`);
  });

  it('tells what an endpoint does not support from what it does otherwise', async () => {
    const { fine, lines } = await reportOn((request, response) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1];
      if (operation === 'ListClusters') return response.end('{"clusterArns":[]}');
      if (operation === 'RegisterTaskDefinition') return response.end('{"taskDefinition":{"revision":7}}');
      return response.writeHead(400).end('{"__type":"UnknownOperationException","message":"no"}');
    });
    expect(fine).toBe(false);
    expect(lines.some((line) => line.startsWith('  not supported'))).toBe(true);
    const numbers = lines.findIndex((line) => line.includes('deviates       numbers the revisions'));
    expect(lines.slice(numbers + 1, numbers + 3).map((line) => line.trim())).toEqual([
      'expected  revisions [1,2,3]',
      'actual    [7,7,7]',
    ]);
  });
});
