'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { TextField } from '@/components/ui/field';
import { intend } from './actions';

/** Says that what overwrote a rollback was meant, with a reason for the record. */
export function IntendedForm({ id }: { readonly id: string }) {
  const [answer, act, busy] = useActionState(intend, null);
  const error = answer === null || answer.ok ? null : answer.error;
  const words = error === null ? null : error.kind === 'not-intended' ? error.words : NOTHING_DONE;
  return (
    // Without script the page comes anew: what is wrong must not stand folded away.
    <Disclosure summary="This was intended" open={words !== null}>
      <form action={act} className="max-w-md space-y-2">
        <input type="hidden" name="id" value={id} />
        <TextField
          id="intended"
          name="reason"
          label="Why was it intended?"
          hint="The warning goes, and the record keeps who said so and why."
          error={words}
          maxLength={1000}
          autoComplete="off"
        />
        <Button aria-busy={busy}>This was intended</Button>
      </form>
    </Disclosure>
  );
}

const NOTHING_DONE = 'Nothing has been done. Load this page again and try once more.';
