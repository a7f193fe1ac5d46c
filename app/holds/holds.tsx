import { Notice } from '@/components/ui/notice';
import type { HoldsView } from '@/lib/queries/holds';
import type { FormPlace } from './hold-forms';
import { PlaceHold, ProlongHold, ReleaseHold } from './late-forms';

type Props = FormPlace & { readonly holds: HoldsView };

/** What holds deployments, until when, and who would heed it. */
export function OpenHolds({ holds, ...place }: Props) {
  return holds.open.map(({ id, sentence, mayAct }) => (
    <Notice key={id} tone="warning" sign="‖">
      <p>
        {sentence} {holds.asked}
      </p>
      {mayAct && (
        <div className="flex flex-wrap gap-x-8 gap-y-1">
          <ReleaseHold {...place} id={id} />
          <ProlongHold {...place} id={id} />
        </div>
      )}
    </Notice>
  ));
}

type NewProps = Props & {
  /** What the reason begins with: that of a rollback. */
  readonly reason?: string;
  /** Whether nothing less than every service that runs the same images is meant. */
  readonly whole?: boolean;
};

/** The way to hold deployments where nothing does. */
export function NewHold({ holds, reason = '', whole = false, ...place }: NewProps) {
  if (holds.open.length > 0) return null;
  return (
    <div className="space-y-1">
      <PlaceHold {...place} repository={holds.repository} whole={whole} reason={reason} />
      <p className="text-sm text-muted">{holds.asked}</p>
    </div>
  );
}
