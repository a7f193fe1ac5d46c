/** One fenced block of a document. */
export type FencedBlock = {
  /** The heading above it. */
  readonly heading: string;
  /** First word behind the fence. */
  readonly language: string;
  /** The other words behind the fence. */
  readonly marks: readonly string[];
  readonly text: string;
};

export function fencedBlocks(markdown: string): readonly FencedBlock[];
