import { StillReading } from '@/components/still-reading';
import type { Overview } from '@/lib/queries/list-services';

/** What is still being read, the most wanted first; the page asks for it again by itself. */
export function StillToCome({ overview }: { readonly overview: Overview }) {
  const { stillReading, stillNaming, stillDescribing, scope } = overview;
  if (stillReading.length > 0) {
    const targets = scope.length === 1 ? 'target' : 'targets';
    return <StillReading words={`Still reading ${stillReading.length} of ${scope.length} ${targets}.`} />;
  }
  if (stillNaming > 0) {
    const services = stillNaming === 1 ? '1 service runs' : `${stillNaming} services run`;
    return <StillReading words={`Still reading which version ${services}.`} everySeconds={10} />;
  }
  if (stillDescribing > 0) {
    const services = stillDescribing === 1 ? '1 version' : `${stillDescribing} versions`;
    return <StillReading words={`Still reading who registered ${services}.`} everySeconds={10} />;
  }
  return null;
}
