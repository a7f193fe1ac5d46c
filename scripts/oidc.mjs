// `npm run oidc`: the OpenID provider alone, in front, for people who run the dashboard by hand.
import { ensurePackages } from './packages.mjs';
import { main } from './root.mjs';
import { runStep } from './step.mjs';

await main(async () => {
  await ensurePackages();
  const command = ['--import', 'tsx', 'simulator/oidc/main.ts', ...process.argv.slice(2)];
  process.exitCode = await runStep(process.execPath, command, { isAll: true });
});
