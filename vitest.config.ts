import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Vitest's reporter of failures calls `Map.groupBy`, which Node 20 does not have yet.
Map.groupBy ??= (items, keyOf) => {
  const groups = new Map();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

const root = fileURLToPath(new URL('.', import.meta.url));
const alias = [
  { find: /^@\//, replacement: root },
  // Outside Next there is no browser bundle to guard against.
  { find: 'server-only', replacement: `${root}node_modules/server-only/empty.js` },
];
const ignored = ['**/node_modules/**', '.next/**', '.demo/**', '.test/**', 'e2e/**', 'security/**'];

export default defineConfig({
  test: {
    // Tests wait for databases and clocks more than they compute, so there are more of them than cores.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...ignored, '**/*.integration.test.ts'],
          setupFiles: ['./scripts/fail-on-console-error.ts'],
          // They share nothing that changes, so a worker takes one file after the other: half the time.
          isolate: false,
          // A busy machine is slow, and that is no failure.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ignored,
          // Calls that hang, and other processes, are waited for.
          maxWorkers: availableParallelism() + 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // The SDK would say in every file that it wants Node 22 from 2027 on.
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'security',
          include: ['security/**/*.test.ts'],
          globalSetup: ['./security/surroundings.ts'],
          // Every file has a world for itself; more of them at once than this gain nothing.
          maxWorkers: Math.min(3, availableParallelism() + 1),
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'chaos',
          include: ['chaos/*.chaos.ts'],
          exclude: ignored,
          testTimeout: 3_600_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
