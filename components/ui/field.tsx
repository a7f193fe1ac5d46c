import type { ComponentProps, ReactNode } from 'react';

const INPUT = 'min-h-10 w-full rounded-md border bg-background px-3 py-2 text-base text-text pointer-coarse:min-h-11';

type FieldProps = {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong with what was given; said here as it is at the top of the page. */
  readonly error?: string | null;
};

const edge = (error: string | null | undefined): string => (error ? 'border-bad border-2' : 'border-edge');

const describedBy = (id: string, { hint, error }: FieldProps): string | undefined =>
  [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined;

/** A label, a hint, an error, and what is filled in below them. */
function Around({
  id,
  label,
  hint,
  error,
  children,
}: FieldProps & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className={error ? 'space-y-1 border-l-4 border-bad pl-3' : 'space-y-1'}>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`} error={error} />
      {children}
    </div>
  );
}

/** The words beside a field that is wrong. */
export function FieldError({ id, error }: { readonly id: string; readonly error?: string | null }) {
  if (!error) return null;
  return (
    <p id={id} className="font-medium text-bad">
      <span className="sr-only">Error: </span>
      {error}
    </p>
  );
}

/** A line of text. `id` is also where the summary of errors leads. */
export function TextField({
  label,
  hint,
  error,
  id,
  className = '',
  ...rest
}: FieldProps & ComponentProps<'input'> & { readonly id: string }) {
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <input
        id={id}
        type="text"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, { label, hint, error })}
        className={`${INPUT} ${edge(error)} ${className}`}
        {...rest}
      />
    </Around>
  );
}

/** One of several. */
export function SelectField({
  label,
  hint,
  error,
  id,
  className = '',
  ...rest
}: FieldProps & ComponentProps<'select'> & { readonly id: string }) {
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, { label, hint, error })}
        className={`${INPUT} ${edge(error)} ${className}`}
        {...rest}
      />
    </Around>
  );
}

/** Several choices of which one is taken, or boxes that belong together. */
export function FieldSet({
  label,
  hint,
  error,
  id,
  children,
}: FieldProps & { readonly id: string; readonly children: ReactNode }) {
  return (
    <fieldset
      id={id}
      aria-describedby={describedBy(id, { label, hint, error })}
      className={error ? 'space-y-1 border-l-4 border-bad pl-3' : 'space-y-1'}
    >
      <legend className="mb-1 font-medium">{label}</legend>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`} error={error} />
      {children}
    </fieldset>
  );
}

/** A radio button or a tick box with its words; the whole line takes the press. */
export function Choice({
  label,
  id,
  ...rest
}: Omit<ComponentProps<'input'>, 'id'> & { readonly label: ReactNode; readonly id: string }) {
  return (
    <label htmlFor={id} className="flex min-h-8 items-start gap-3 py-1 pointer-coarse:min-h-11 pointer-coarse:py-2">
      <input id={id} className="mt-0.5 size-5 shrink-0" {...rest} />
      <span className="min-w-0 [overflow-wrap:anywhere]">{label}</span>
    </label>
  );
}
