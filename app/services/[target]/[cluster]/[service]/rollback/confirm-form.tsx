'use client';

import { type FormEvent, type ReactNode, startTransition, useActionState } from 'react';
import { ErrorSummary } from '@/components/ui/error-summary';
import { Choice, FieldError } from '@/components/ui/field';
import { Icon } from '@/components/ui/icon';
import { Link } from '@/components/ui/link';
import { confirm } from './actions';
import { AlsoHold, type HoldBox } from './also-hold';
import { type Asked, ConfirmFields, NOTHING_KEPT, problemAt, Refusal } from './confirm-fields';
import type { WarningView } from './plan-view';
import { type PressAnswer, tickId } from './press-form';

/** A plan that can be pressed. */
export type Pressable = Asked & {
  readonly id: string;
  readonly hash: string;
  readonly service: string;
  /** The box that also holds deployments; `null` where it is not asked. */
  readonly hold: HoldBox | null;
  readonly warnings: readonly WarningView[];
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
        {plan !== null && (
          <div className="space-y-5 print:hidden">
            <input type="hidden" name="plan" value={plan.id} />
            <input type="hidden" name="hash" value={plan.hash} />
            <ConfirmFields
              asked={plan}
              typed={{
                key: plan.id,
                label: (
                  <>
                    Type the service name to confirm:{' '}
                    <bdi className="font-mono [overflow-wrap:anywhere]">{plan.service}</bdi>
                  </>
                ),
              }}
              pressed={pressed}
              busy={busy}
            >
              {plan.hold !== null && <AlsoHold what={plan.service} hold={plan.hold} pressed={pressed} />}
            </ConfirmFields>
          </div>
        )}
      </form>
    </>
  );
}

type PartProps = { readonly plan: Pressable; readonly pressed: PressAnswer | null };

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
