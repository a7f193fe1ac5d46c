import type { ReadFailure } from '@/lib/domain/facts';
import { Notice } from './ui/notice';
import { Unavailable } from './unavailable';

type Props = {
  readonly number: number;
  /** Whether ECS lists it; null where that is not known. */
  readonly listed: boolean | null;
  readonly failure: ReadFailure;
};

/** Says that there is no such revision any more, or that AWS does not show it. */
export function UnreadRevision({ number, listed, failure }: Props) {
  if (failure.kind !== 'gone') return <Unavailable what={`Revision ${number}`} failure={failure} />;
  return (
    <Notice tone="warning">
      <p>
        {listed
          ? `ECS lists revision ${number} but does not return it. It cannot be copied.`
          : `Revision ${number} no longer exists.`}
      </p>
    </Notice>
  );
}
