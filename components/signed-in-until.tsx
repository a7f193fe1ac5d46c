import type { SignedInUntil } from '@/lib/domain/permissions';
import { formatTime } from '@/lib/domain/time-words';
import { Button } from './ui/button';

type Props = {
  readonly until: SignedInUntil;
  readonly now: number;
  readonly stay: () => Promise<void>;
};

/** Without script nobody is asked in time, so every page says when its session ends and has the button that puts it off. */
export function SignedInUntilLine({ until: { at, idle }, now, stay }: Props) {
  return (
    <noscript>
      <form
        action={stay}
        className="mx-auto flex max-w-6xl flex-wrap items-center justify-end gap-x-4 gap-y-1 px-4 pt-2 text-sm text-muted print:hidden"
      >
        <p>
          {idle ? 'Without use you will be signed out at ' : 'You will be signed out at '}
          {formatTime(at, now)}.
        </p>
        {idle && <Button className="min-h-8! px-3! py-1! pointer-coarse:min-h-11!">Stay signed in</Button>}
      </form>
    </noscript>
  );
}
