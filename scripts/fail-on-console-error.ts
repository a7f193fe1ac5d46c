import { afterEach, beforeEach, expect, vi } from 'vitest';

// A complaint nobody reads is a defect nobody finds.
let complaints: unknown[][] = [];
beforeEach(() => {
  complaints = [];
  vi.spyOn(console, 'error').mockImplementation((...words) => {
    complaints.push(words);
  });
});
afterEach(() => {
  expect(complaints).toEqual([]);
  vi.restoreAllMocks();
});
