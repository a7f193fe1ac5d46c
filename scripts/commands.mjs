// Bundles the commands people run beside the dashboard into its build, where there are no packages and no compiler:
// `node commands/check.mjs` there does what `npm run check` does in a checkout.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { Halt, main, ROOT } from './root.mjs';

const STANDALONE = join(ROOT, '.next/standalone');

/** Each is `scripts/NAME.ts` and `npm run NAME`. */
const COMMANDS = ['check', 'restored', 'sessions', 'verify-record'];

/** Bundles them into the last build. */
export async function bundleCommands() {
  if (!existsSync(join(STANDALONE, 'server.js'))) throw new Halt('There is no build. Run: npm run build');
  await build({
    entryPoints: COMMANDS.map((name) => join(ROOT, `scripts/${name}.ts`)).filter(existsSync),
    outdir: join(STANDALONE, 'commands'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['react-server'],
    // Bundled CommonJS asks for Node's own modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    external: ['pg-native'],
    logLevel: 'warning',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(bundleCommands);
