'use client';

import { type FormEvent, type ReactNode, startTransition, useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorSummary } from '@/components/ui/error-summary';
import { Choice, FieldError, FieldSet, TextField } from '@/components/ui/field';
import { Icon } from '@/components/ui/icon';
import { Link } from '@/components/ui/link';
import { Refused } from '@/components/ui/refused';
import { confirm } from './actions';
import type { WarningView } from './plan-view';
import { type Kept, type PressAnswer, tickId } from './press-form';

/** A plan that can be pressed. */
export type Pressable = {
  readonly id: string;
  readonly hash: string;
  readonly service: string;
  /** Whether name and reason are asked for, and the button is the red one. */
  readonly protected: boolean;
  readonly button: string;
  readonly reasons: readonly string[];
  readonly details: string;
  /** Reason chosen beforehand; empty for none. */
  readonly reason: string;
  readonly warnings: readonly WarningView[];
  readonly cancelHref: string;
};

type Props = {
  /** Title of the page; a press that failed puts "Error: " before it. */
  readonly title: string;
  /** Address of the page: where the form goes without script. */
  readonly here: string;
  readonly plan: Pressable | null;
  /** What stands above the form. */
  readonly children: ReactNode;
  /** Above the warnings, and below them what of the checks asks for nothing; `null` where nothing was checked. */
  readonly checks: { readonly head: ReactNode; readonly rest: ReactNode } | null;
  /** Between the checks and the form. */
  readonly aside: ReactNode;
};

const NOTHING_KEPT: Kept = { reason: '', details: '', typed: '', ticked: [] };

/** The plan as it is read, and the form that confirms it. Works without script; with it, nothing that was filled in is lost. */
export function ConfirmForm({ title, here, plan, children, checks, aside }: Props) {
  const [answer, act, busy] = useActionState(confirm, null, here);
  const failed = answer === null || answer.ok ? null : answer.error;
  const pressed = failed?.kind === 'not-pressed' ? failed : null;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    // Sent by hand, because the framework would empty the fields of a form it has sent.
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (!busy) startTransition(() => act(form));
  };
  return (
    <>
      <title>{failed === null ? title : `Error: ${title}`}</title>
      <ErrorSummary problems={pressed?.problems ?? []} />
      <Refusal failed={failed} />
      {children}
      <form action={act} onSubmit={submit} className="space-y-6">
        {checks !== null && (
          <section aria-labelledby="checks" className="space-y-3">
            {checks.head}
            {plan !== null && <Warnings plan={plan} pressed={pressed} />}
            {checks.rest}
          </section>
        )}
        {aside}
        {plan !== null && <Fields plan={plan} pressed={pressed} busy={busy} />}
      </form>
    </>
  );
}

type Failed = PressAnswer | { readonly kind: 'invalid-request' | 'foreign-request' };

/** Why nothing was done, where it is not a field that is wrong. */
function Refusal({ failed }: { readonly failed: Failed | null }) {
  if (failed === null) return null;
  if (failed.kind !== 'not-pressed') {
    return (
      <Refused words="This page is out of date, so nothing has been done. Load it again and read the plan anew." />
    );
  }
  if (failed.words === '') return null;
  return <Refused words={failed.words}>{failed.watch !== null && <Link href={failed.watch}>Watch it</Link>}</Refused>;
}

type PartProps = { readonly plan: Pressable; readonly pressed: PressAnswer | null };

const problemAt = (pressed: PressAnswer | null, field: string): string | null =>
  pressed?.problems.find((problem) => problem.field === field)?.words ?? null;

function Warnings({ plan, pressed }: PartProps) {
  const { ticked } = pressed?.kept ?? NOTHING_KEPT;
  if (plan.warnings.length === 0) return null;
  return (
    <ul className="space-y-2">
      {plan.warnings.map(({ check, words, short, link }) => {
        const id = tickId(check);
        const error = problemAt(pressed, id);
        return (
          <li
            key={`${plan.id} ${check}`}
            className={`rounded-md border-l-4 bg-warning-tint px-4 py-2 ${error ? 'border-bad' : 'border-warning'}`}
          >
            <p className="flex gap-2 [overflow-wrap:anywhere]">
              <Icon sign="!" className="mt-1 text-warning" />
              <span>
                {words} {link !== null && <Link href={link.href}>{link.words}</Link>}
              </span>
            </p>
            <div className="pl-6">
              <FieldError id={`${id}-error`} error={error} />
              <Choice
                id={id}
                type="checkbox"
                name="ticked"
                value={check}
                defaultChecked={ticked.includes(check)}
                aria-invalid={error ? true : undefined}
                aria-describedby={error ? `${id}-error` : undefined}
                label={`I have read: ${short}`}
              />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Fields({ plan, pressed, busy }: PartProps & { readonly busy: boolean }) {
  const kept = pressed?.kept ?? { ...NOTHING_KEPT, details: plan.details, reason: plan.reason };
  return (
    <div className="space-y-5">
      <input type="hidden" name="plan" value={plan.id} />
      <input type="hidden" name="hash" value={plan.hash} />
      <FieldSet id="reason" label="Why?" error={problemAt(pressed, 'reason-0')}>
        <div className="flex flex-wrap gap-x-6 max-sm:flex-col">
          {plan.reasons.map((reason, index) => (
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
      {plan.protected && (
        <div className="max-w-xl">
          <TextField
            key={plan.id}
            id="typed"
            name="typed"
            label={
              <>
                Type the service name to confirm:{' '}
                <bdi className="font-mono [overflow-wrap:anywhere]">{plan.service}</bdi>
              </>
            }
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
        <Button kind={plan.protected ? 'final-danger' : 'final'} aria-busy={busy}>
          {busy ? 'Starting…' : plan.button}
        </Button>
        <Link
          href={plan.cancelHref}
          className="inline-flex min-h-11 items-center text-link underline underline-offset-3"
        >
          Cancel
        </Link>
      </div>
    </div>
  );
}
