import { whyNot } from '@/lib/domain/checks/finding';
import type { ReadFailure } from '@/lib/domain/facts';

/** Stands where a part of a page would, and says why it does not. */
export function Unavailable({ what, failure }: { readonly what: string; readonly failure: ReadFailure }) {
  return (
    <p className="text-muted [overflow-wrap:anywhere]">
      {what}: not available ({whyNot(failure)}).
    </p>
  );
}
