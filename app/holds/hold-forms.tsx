'use client';

import { type ReactNode, useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { Choice, FieldSet, SelectField, TextField } from '@/components/ui/field';
import { aboutWords, HOLD_HOURS, HOLD_WITH_ROLLBACK_HOURS, type HoldScope, hoursWords } from '@/lib/domain/hold';
import type { ServiceAddress } from '@/lib/routes';
import { change, hold } from './actions';

/** Where a form stands, so that it leads back there. */
export type FormPlace = { readonly address: ServiceAddress; readonly rollback: string | null };

type Answer = Awaited<ReturnType<typeof hold>> | null;

function wordsOf(answer: Answer): string | null {
  if (answer === null || answer.ok) return null;
  return answer.error.kind === 'not-held' ? answer.error.words : NOTHING_DONE;
}

const NOTHING_DONE = 'Nothing has been done. Load this page again and try once more.';

function Hidden({ address, rollback, ...more }: FormPlace & { readonly id?: string }) {
  return Object.entries({ ...address, rollback: rollback ?? '', ...more }).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));
}

function Hours({ id, label }: { readonly id: string; readonly label: string }) {
  return (
    <SelectField id={id} name="hours" label={label} defaultValue={HOLD_WITH_ROLLBACK_HOURS}>
      {HOLD_HOURS.map((hours) => (
        <option key={hours} value={hours}>
          {hoursWords(hours)}
        </option>
      ))}
    </SelectField>
  );
}

type ReasonProps = {
  readonly id: string;
  readonly label: string;
  readonly error: string | null;
  readonly given?: string;
};

const Reason = ({ id, label, error, given = '' }: ReasonProps) => (
  <TextField
    id={id}
    name="reason"
    label={label}
    error={error}
    defaultValue={given}
    maxLength={1000}
    autoComplete="off"
  />
);

type FoldedProps = { readonly summary: string; readonly open: boolean; readonly children: ReactNode };

/** Without script the page comes anew: what is wrong must not stand folded away. */
const Folded = ({ summary, open, children }: FoldedProps) => (
  <Disclosure summary={summary} open={open}>
    {children}
  </Disclosure>
);

type PlaceProps = FormPlace & {
  /** Repository of which every service may be held, where this person may do that. */
  readonly repository: string | null;
  /** Whether nothing less than that is meant. */
  readonly whole?: boolean;
  readonly reason: string;
};

/** Holds deployments of a service, or of every service that runs its images. */
export function PlaceHold({ address, rollback, repository, whole = false, reason }: PlaceProps) {
  const [answer, act, busy] = useActionState(hold, null);
  const error = wordsOf(answer);
  const day = hoursWords(HOLD_WITH_ROLLBACK_HOURS);
  const held: HoldScope =
    whole && repository !== null ? { kind: 'repository', repository } : { kind: 'service', ...address };
  const what = `old deployments of ${aboutWords(held)}`;
  return (
    <Folded summary={rollback === null ? `H${what}` : `Also h${what} for ${day}`} open={error !== null}>
      <form action={act} className="max-w-md space-y-3">
        <Hidden address={address} rollback={rollback} />
        {whole && <input type="hidden" name="scope" value="repository" />}
        {repository !== null && !whole && (
          <FieldSet id="hold-scope" label="Which deployments?">
            <Choice
              id="hold-service"
              type="radio"
              name="scope"
              value="service"
              defaultChecked
              label={address.service}
            />
            <Choice
              id="hold-repository"
              type="radio"
              name="scope"
              value="repository"
              label={`Every service in ${address.target} that runs ${repository}`}
            />
          </FieldSet>
        )}
        {rollback === null ? (
          <Hours id="hold-hours" label="For how long?" />
        ) : (
          <input type="hidden" name="hours" value={HOLD_WITH_ROLLBACK_HOURS} />
        )}
        <Reason id="hold-reason" label="Why? Pipelines are told" error={error} given={reason} />
        <Button aria-busy={busy}>Hold deployments</Button>
      </form>
    </Folded>
  );
}

type ChangeProps = FormPlace & { readonly id: string };

/** Ends a hold. */
export function ReleaseHold({ address, rollback, id }: ChangeProps) {
  const [answer, act, busy] = useActionState(change, null);
  const error = wordsOf(answer);
  return (
    <Folded summary="Release the hold" open={error !== null}>
      <form action={act} className="max-w-md space-y-3">
        <Hidden address={address} rollback={rollback} id={id} />
        <Reason id={`release-${id}`} label="Why is it released?" error={error} />
        <Button aria-busy={busy}>Release the hold</Button>
      </form>
    </Folded>
  );
}

/** Makes a hold end later. */
export function ProlongHold({ address, rollback, id }: ChangeProps) {
  const [answer, act, busy] = useActionState(change, null);
  const error = wordsOf(answer);
  return (
    <Folded summary="Hold for longer" open={error !== null}>
      <form action={act} className="max-w-md space-y-3">
        <Hidden address={address} rollback={rollback} id={id} />
        <Hours id={`hours-${id}`} label="For how long from now?" />
        <Reason id={`prolong-${id}`} label="Why for longer?" error={error} />
        <Button aria-busy={busy}>Hold for longer</Button>
      </form>
    </Folded>
  );
}
