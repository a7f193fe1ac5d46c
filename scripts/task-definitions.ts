// `npm run task-definitions [-- FOLDER]`: registers public task definitions with the simulated ECS, tells which it refuses
// and why, and fails where one that is taken loses anything.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { registerTwice } from './public-definitions';

const folder = resolve(process.argv[2] ?? '../shared/task-definitions');

function main(): number {
  if (!existsSync(folder)) {
    console.log(`SKIPPED: there is no folder ${folder}. Name one: npm run task-definitions -- FOLDER`);
    return 0;
  }
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const outcomes = files.sort().map((file) => registerTwice(file, readFileSync(join(folder, file), 'utf8')));
  const refused = outcomes.filter(({ kind }) => kind === 'refused');
  const deviating = outcomes.filter(({ kind }) => kind === 'deviates');
  for (const outcome of [...refused, ...deviating]) {
    console.log(`${outcome.kind}  ${outcome.file}\n    ${'reason' in outcome ? outcome.reason : ''}`);
  }
  const taken = outcomes.length - refused.length - deviating.length;
  console.log(
    `${outcomes.length} files: ${taken} register and round trip, ${refused.length} refused, ${deviating.length} deviate`,
  );
  return deviating.length > 0 ? 1 : 0;
}

process.exitCode = main();
