import { emptyTally, writeTally } from './tally.mjs';

/** Counts for `npm test` what Vitest ran. @see https://vitest.dev/api/advanced/reporters.html */
export default class TallyReporter {
  onTestRunEnd(modules, errors) {
    const tally = emptyTally();
    for (const module of modules) {
      // A file that could not even be read has no tests to fail.
      tally.failed += module.errors().length;
      for (const test of module.children.allTests()) count(test, module, tally);
    }
    tally.failed += errors.length;
    writeTally(tally);
  }
}

function count(test, module, tally) {
  const { state, note } = test.result();
  if (state === 'passed') tally.passed += 1;
  else if (state === 'failed') tally.failed += 1;
  else tally.skipped.push({ title: `${module.relativeModuleId} › ${test.fullName}`, why: note ?? null });
}
