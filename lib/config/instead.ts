import { distance } from '@/lib/domain/distance';

/** What somebody who wrote an unknown name may have meant. */
export function instead(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance: changes, candidate }) => changes <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  if (nearest !== undefined) return `did you mean ${nearest.candidate}?`;
  return known.length === 0 ? 'leave it out' : `leave it out, or write one of ${[...known].sort().join(', ')}`;
}
