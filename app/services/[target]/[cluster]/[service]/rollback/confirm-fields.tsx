import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Choice, FieldSet, TextField } from '@/components/ui/field';
import { Link } from '@/components/ui/link';
import { Refused } from '@/components/ui/refused';
import type { Kept, PressAnswer } from './press-form';

/** What every form that starts a rollback asks for. */
export type Asked = {
  /** Whether name and reason are asked for, and the button is the red one. */
  readonly protected: boolean;
  readonly button: string;
  readonly reasons: readonly string[];
  readonly details: string;
  /** Reason chosen beforehand; empty for none. */
  readonly reason: string;
  readonly cancelHref: string;
};

export const NOTHING_KEPT: Kept = { reason: '', details: '', typed: '', ticked: [] };

/** What a press that did nothing was answered with. */
export type Failed = PressAnswer | { readonly kind: 'invalid-request' | 'foreign-request' };

/** Why nothing was done, where it is not a field that is wrong. */
export function Refusal({ failed }: { readonly failed: Failed | null }) {
  if (failed === null) return null;
  if (failed.kind !== 'not-pressed') {
    return (
      <Refused words="This page is out of date, so nothing has been done. Load it again and read the plan anew." />
    );
  }
  if (failed.words === '') return null;
  return <Refused words={failed.words}>{failed.watch !== null && <Link href={failed.watch}>Watch it</Link>}</Refused>;
}

/** What is wrong with one field; `null` where nothing is. */
export const problemAt = (pressed: PressAnswer | null, field: string): string | null =>
  pressed?.problems.find((problem) => problem.field === field)?.words ?? null;

type FieldsProps = {
  readonly asked: Asked;
  /** Says what is typed to confirm; another `key` empties the field. */
  readonly typed: { readonly key: string; readonly label: ReactNode };
  readonly pressed: PressAnswer | null;
  readonly busy: boolean;
  /** What else is asked, before the name. */
  readonly children?: ReactNode;
};

/** Reason, details, name and the final button. */
export function ConfirmFields({ asked, typed, pressed, busy, children }: FieldsProps) {
  const kept = pressed?.kept ?? { ...NOTHING_KEPT, details: asked.details, reason: asked.reason };
  return (
    <>
      <FieldSet id="reason" label="Why?" error={problemAt(pressed, 'reason-0')}>
        <div className="flex flex-wrap gap-x-6 max-sm:flex-col">
          {asked.reasons.map((reason, index) => (
            <Choice
              key={reason}
              id={`reason-${index}`}
              type="radio"
              name="reason"
              value={reason}
              defaultChecked={kept.reason === reason}
              label={reason}
            />
          ))}
        </div>
      </FieldSet>
      <div className="max-w-xl">
        <TextField
          id="details"
          name="details"
          label="Details or incident link (needed for Other)"
          error={problemAt(pressed, 'details')}
          defaultValue={kept.details}
          maxLength={1_000}
          autoComplete="off"
        />
      </div>
      {children}
      {asked.protected && (
        <div className="max-w-xl">
          <TextField
            key={typed.key}
            id="typed"
            name="typed"
            label={typed.label}
            error={problemAt(pressed, 'typed')}
            defaultValue={kept.typed}
            autoCapitalize="off"
            autoCorrect="off"
            autoComplete="off"
            spellCheck={false}
            enterKeyHint="go"
          />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-8 gap-y-4">
        <Button kind={asked.protected ? 'final-danger' : 'final'} aria-busy={busy}>
          {busy ? 'Starting…' : asked.button}
        </Button>
        <Link
          href={asked.cancelHref}
          className="inline-flex min-h-11 items-center text-link underline underline-offset-3"
        >
          Cancel
        </Link>
      </div>
    </>
  );
}
