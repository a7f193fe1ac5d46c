import { Choice } from '@/components/ui/field';
import { HOLD_WITH_ROLLBACK_HOURS, hoursWords } from '@/lib/domain/hold';
import type { PressAnswer } from './press-form';

/** Whether deployments are to be held too, as suggested, and who would heed that. */
export type HoldBox = { readonly preselected: boolean; readonly asked: string };

type Props = {
  /** `api`, `every service that runs notifications-api`. */
  readonly what: string;
  readonly hold: HoldBox;
  readonly pressed: PressAnswer | null;
};

/** Deployments can be held with the same press. */
export function AlsoHold({ what, hold, pressed }: Props) {
  return (
    <div className="max-w-xl">
      <Choice
        id="hold"
        type="checkbox"
        name="hold"
        value="yes"
        defaultChecked={pressed?.kept.hold ?? hold.preselected}
        aria-describedby="hold-asked"
        label={`Also hold deployments of ${what} for ${hoursWords(HOLD_WITH_ROLLBACK_HOURS)}`}
      />
      <p id="hold-asked" className="pl-8 text-sm text-muted">
        {hold.asked}
      </p>
    </div>
  );
}
