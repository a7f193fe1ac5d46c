'use client';

import { type FormEvent, type ReactNode, startTransition, useActionState, useState } from 'react';
import { AlsoHold, type HoldBox } from '@/app/services/[target]/[cluster]/[service]/rollback/also-hold';
import {
  type Asked,
  ConfirmFields,
  problemAt,
  Refusal,
} from '@/app/services/[target]/[cluster]/[service]/rollback/confirm-fields';
import { type PressAnswer, tickId } from '@/app/services/[target]/[cluster]/[service]/rollback/press-form';
import { ErrorSummary } from '@/components/ui/error-summary';
import { Choice, FieldError, FieldSet } from '@/components/ui/field';
import { PageHeading } from '@/components/ui/heading';
import { Icon } from '@/components/ui/icon';
import { Link } from '@/components/ui/link';
import type { SharedWarning } from '@/lib/domain/group-warnings';
import { confirmAll } from './actions';
import { GroupRows } from './group-rows';
import type { GroupRow } from './group-view';

/** The box that also holds deployments, and of what. */
export type HoldOnImages = HoldBox & { readonly what: string };

/** What a group's form asks for; `null` where nothing of it can be pressed. */
export type GroupAsked = Omit<Asked, 'button'> & {
  readonly plans: readonly string[];
  readonly hash: string;
  readonly warnings: readonly SharedWarning[];
  /** Service that may go before the rest. */
  readonly first: string | null;
  /** `null` where it is not asked. */
  readonly hold: HoldOnImages | null;
};

type Props = {
  readonly title: string;
  readonly here: string;
  /** `Roll back notifications-api in production`. */
  readonly heading: string;
  /** `Roll back`, `Undo the rollback of`. */
  readonly verb: string;
  readonly target: string;
  /** What is typed. */
  readonly name: string;
  readonly rows: readonly GroupRow[];
  /** Rows ticked at first. */
  readonly initial: readonly string[];
  readonly asked: GroupAsked | null;
  /** The same plan with every service chosen. */
  readonly everyHref: string;
  readonly crumbs: ReactNode;
  /** Between heading and rows, and between rows and form. */
  readonly children: ReactNode;
  readonly aside: ReactNode;
};

const servicesWords = (count: number): string => (count === 1 ? '1 service' : `${count} services`);

/** The plan of a group as it is read, and the form that confirms it. Works without script; then the server counts again. */
export function GroupForm(props: Props) {
  const { title, here, rows, asked, initial } = props;
  const [answer, act, busy] = useActionState(confirmAll, null, here);
  const failed = answer === null || answer.ok ? null : answer.error;
  const pressed = failed?.kind === 'not-pressed' ? failed : null;
  // What somebody ticks or unticks counts, also where the page comes with other plans; the rest is as it was offered.
  const [ticks, setTicks] = useState<ReadonlyMap<string, boolean>>(() => ticksIn(rows, pressed));
  const chosen = new Set(rows.filter(({ key }) => ticks.get(key) ?? initial.includes(key)).map(({ key }) => key));
  const open = rows.filter(({ why, key }) => why === null && chosen.has(key));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (!busy) startTransition(() => act(form));
  };
  const choose = (key: string, ticked: boolean): void => setTicks(new Map([...ticks, [key, ticked]]));
  return (
    <>
      <title>{failed === null ? title : `Error: ${title}`}</title>
      <ErrorSummary problems={pressed?.problems ?? []} />
      <Refusal failed={failed} />
      {props.crumbs}
      <PageHeading>
        <bdi>{props.heading}</bdi>
        {asked !== null && `: ${open.length} of ${servicesWords(rows.length)} chosen`}
      </PageHeading>
      {props.children}
      <form action={act} onSubmit={submit} className="space-y-6">
        <GroupRows
          rows={rows}
          chosen={chosen}
          onChoose={asked === null ? null : choose}
          error={problemAt(pressed, 'chosen-0')}
        />
        {asked !== null && <SharedWarnings asked={asked} pressed={pressed} chosen={chosen} />}
        {props.aside}
        {asked !== null && open.length === 0 && (
          <p>
            No service is chosen. Tick those to roll back, or <Link href={props.everyHref}>choose every service</Link>.
          </p>
        )}
        {asked !== null && (
          // Kept where it stands: what was typed is still there once a service is ticked.
          <div hidden={open.length === 0}>
            <Fields props={props} asked={asked} count={open.length} pressed={pressed} busy={busy} />
          </div>
        )}
      </form>
    </>
  );
}

/** Without script a press that failed is all that is known of what was ticked. */
function ticksIn(rows: readonly GroupRow[], pressed: PressAnswer | null): ReadonlyMap<string, boolean> {
  const kept = pressed?.kept.chosen;
  return new Map(kept === undefined ? [] : rows.map(({ key }) => [key, kept.includes(key)]));
}

type WarningsProps = {
  readonly asked: GroupAsked;
  readonly pressed: PressAnswer | null;
  readonly chosen: ReadonlySet<string>;
};

/** Warnings of what is chosen, equal ones once, each naming its services. */
function SharedWarnings({ asked: { warnings, hash }, pressed, chosen }: WarningsProps) {
  const shown = warnings.filter(({ services }) => services.some((service) => chosen.has(service)));
  if (shown.length === 0) return null;
  return (
    <ul className="space-y-2">
      {shown.map((warning) => {
        const id = tickId(warning.id);
        const error = problemAt(pressed, id);
        return (
          <li
            key={`${hash} ${warning.id}`}
            className={`rounded-md border-l-4 bg-warning-tint px-4 py-2 ${error ? 'border-bad' : 'border-warning'}`}
          >
            {warning.said.map(({ words, services }) => (
              <p key={words} className="flex gap-2 [overflow-wrap:anywhere]">
                <Icon sign="!" className="mt-1 text-warning" />
                <span>
                  {words} <bdi className="text-muted">({services.map(nameOf).join(', ')})</bdi>
                </span>
              </p>
            ))}
            <div className="pl-6">
              <FieldError id={`${id}-error`} error={error} />
              <Choice
                id={id}
                type="checkbox"
                name="ticked"
                value={warning.id}
                defaultChecked={pressed?.kept.ticked.includes(warning.id) ?? false}
                aria-invalid={error ? true : undefined}
                aria-describedby={error ? `${id}-error` : undefined}
                label={`I have read: ${warning.short}`}
              />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);

type FieldsProps = {
  readonly props: Props;
  readonly asked: GroupAsked;
  readonly count: number;
  readonly pressed: PressAnswer | null;
  readonly busy: boolean;
};

function Fields({ props: { name, verb, target }, asked, count, pressed, busy }: FieldsProps) {
  return (
    <div className="space-y-5">
      {asked.plans.map((id) => (
        <input key={id} type="hidden" name="plans" value={id} />
      ))}
      <input type="hidden" name="hash" value={asked.hash} />
      <input type="hidden" name="counted" value={count} />
      {asked.first !== null && <How first={asked.first} pressed={pressed} />}
      <ConfirmFields
        asked={{ ...asked, button: `${verb} ${servicesWords(count)} in ${target}` }}
        typed={{
          key: asked.hash,
          label: (
            <>
              Type <bdi className="font-mono [overflow-wrap:anywhere]">{name}</bdi> to confirm
            </>
          ),
        }}
        pressed={pressed}
        busy={busy}
      >
        {asked.hold !== null && <AlsoHold what={asked.hold.what} hold={asked.hold} pressed={pressed} />}
      </ConfirmFields>
    </div>
  );
}

function How({ first, pressed }: { readonly first: string; readonly pressed: PressAnswer | null }) {
  const alone = pressed?.kept.how === 'first';
  return (
    <FieldSet id="how" label="How" error={problemAt(pressed, 'how-0')}>
      <div className="flex flex-wrap gap-x-6 max-sm:flex-col">
        <Choice id="how-0" type="radio" name="how" value="all" defaultChecked={!alone} label="All at once" />
        <Choice
          id="how-1"
          type="radio"
          name="how"
          value="first"
          defaultChecked={alone}
          label={`${first} first, the rest when it is steady`}
        />
      </div>
    </FieldSet>
  );
}
