'use client';

import { type FormEvent, startTransition, useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { routes } from '@/lib/routes';
import { close } from './actions';

type Props = { readonly id: string; readonly service: string };

/** Gives up waiting for an answer that may still come; for somebody who cannot wait any longer. */
export function CloseForm({ id, service }: Props) {
  const [answer, act, busy] = useActionState(close, null, routes.rollback(id));
  const words =
    answer === null || answer.ok
      ? null
      : answer.error.kind === 'not-closed'
        ? answer.error.words
        : 'This page is out of date, so nothing has been done. Load it again.';
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (!busy) startTransition(() => act(form));
  };
  return (
    <form action={act} onSubmit={submit} className="max-w-xl space-y-3 rounded-md border border-edge p-4">
      <p>
        If you cannot wait: give this rollback up, then plan again. The first request may still arrive for a quarter of
        an hour; this page will say so.
      </p>
      <input type="hidden" name="id" value={id} />
      <TextField
        id="typed"
        name="typed"
        label={
          <>
            Type the service name to confirm: <bdi className="font-mono">{service}</bdi>
          </>
        }
        error={words}
        autoCapitalize="off"
        autoCorrect="off"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="go"
      />
      <Button aria-busy={busy}>Stop waiting and plan again</Button>
    </form>
  );
}
