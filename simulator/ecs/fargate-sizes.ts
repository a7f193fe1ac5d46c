const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

const GB = 1024;

/** Memory in MiB that Fargate offers, by CPU units. */
const SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, GB, 2 * GB]],
  [512, range(GB, 4 * GB, GB)],
  [1024, range(2 * GB, 8 * GB, GB)],
  [2048, range(4 * GB, 16 * GB, GB)],
  [4096, range(8 * GB, 30 * GB, GB)],
  [8192, range(16 * GB, 60 * GB, 4 * GB)],
  [16384, range(32 * GB, 120 * GB, 8 * GB)],
]);

/**
 * Whether Fargate has tasks of this size, in CPU units and MiB.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size}
 */
export const isFargateSize = (cpu: string, memory: string): boolean =>
  SIZES.get(Number(cpu))?.includes(Number(memory)) ?? false;
