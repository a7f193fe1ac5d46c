'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { problemSentence, sentenceOf } from '@/lib/domain/failure';
import type { ServiceAddress } from '@/lib/routes';
import { clear } from './actions';

type Props = { readonly address: ServiceAddress; readonly revision: string; readonly mark: string };

/** Takes the mark off a version, with a reason for the record. */
export function ClearMark({ address, revision, mark }: Props) {
  const [answer, act, busy] = useActionState(clear, null);
  return (
    <form action={act} className="max-w-md space-y-2">
      {Object.entries({ ...address, revision, mark }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <TextField
        id="reason"
        name="reason"
        label="Why does it no longer count?"
        error={wordsOf(answer)}
        maxLength={1000}
      />
      <Button aria-busy={busy}>Clear this mark</Button>
    </form>
  );
}

function wordsOf(answer: Awaited<ReturnType<typeof clear>> | null): string | null {
  if (answer === null || answer.ok) return null;
  const { error } = answer;
  if (error.kind === 'foreign-request' || error.kind === 'invalid-request') return NOTHING_DONE;
  return error.kind === 'form' ? error.problems.map(problemSentence).join(' ') : sentenceOf(error);
}

const NOTHING_DONE = 'Nothing has been done. Load this page again and try once more.';
