/** Tasks of a service as the scheduler counts them. */
export type Counts = {
  readonly desired: number;
  readonly minimumPercent: number;
  readonly maximumPercent: number;
  /** Tasks of the deployment ECS is heading for: pending and running, and those of them that are healthy. */
  readonly newLive: number;
  readonly newHealthy: number;
  /** Tasks of older deployments, alike. */
  readonly oldLive: number;
  readonly oldHealthy: number;
};

/** What the scheduler does next. `stuck` when the percentages leave no move at all. */
export type Moves = {
  readonly start: number;
  readonly stopOld: number;
  readonly stopNew: number;
  readonly stuck: boolean;
};

/**
 * The next step of a rolling deployment within minimum and maximum percent.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html}
 */
export function nextMoves(counts: Counts): Moves {
  const { desired, newLive, newHealthy, oldLive, oldHealthy } = counts;
  const lowest = Math.ceil((desired * counts.minimumPercent) / 100);
  const highest = Math.floor((desired * counts.maximumPercent) / 100);
  const missing = Math.max(0, desired - newLive);
  const room = Math.max(0, highest - newLive - oldLive);
  const start = Math.min(missing, room);
  // Old tasks go when replaced, or before that when only their place lets a new one start.
  const replaced = Math.max(0, oldLive - Math.max(0, desired - newHealthy));
  const wanted = Math.min(oldLive, Math.max(replaced, missing - room));
  const unhealthyOld = oldLive - oldHealthy;
  const spare = Math.max(0, newHealthy + oldHealthy - lowest);
  const stopOld = Math.min(wanted, unhealthyOld + spare);
  return {
    start,
    stopOld,
    stopNew: Math.max(0, newLive - desired),
    stuck: missing > 0 && start === 0 && stopOld === 0 && newLive === newHealthy,
  };
}
