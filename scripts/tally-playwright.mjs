import { relative } from 'node:path';
import { ROOT } from './root.mjs';
import { emptyTally, writeTally } from './tally.mjs';

/** Counts for `npm test` what Playwright ran. @see https://playwright.dev/docs/api/class-reporter */
export default class TallyReporter {
  #errors = 0;
  #suite = null;

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  onError() {
    this.#errors += 1;
  }

  onEnd() {
    const tally = emptyTally();
    tally.failed = this.#errors;
    for (const test of this.#suite?.allTests() ?? []) count(test, tally);
    writeTally(tally);
  }
}

function count(test, tally) {
  const title = `${relative(ROOT, test.location.file)} › ${test.titlePath().slice(3).join(' › ')}`;
  const outcome = test.outcome();
  if (outcome === 'unexpected') tally.failed += 1;
  else if (outcome === 'skipped') tally.skipped.push({ title, why: whyOf(test) });
  else tally.passed += 1;
  if (outcome === 'flaky') tally.flaky.push(title);
}

const whyOf = ({ annotations }) =>
  annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? null;
