import type { ComponentProps } from 'react';

/** `final` changes AWS; `final-danger` does so on a protected target and is the only red one. */
export type ButtonKind = 'primary' | 'secondary' | 'final' | 'final-danger';

const SHAPE =
  'inline-flex max-w-full shrink-0 items-center justify-center gap-2 rounded-md text-center font-medium [overflow-wrap:anywhere] cursor-pointer';
const SIZE = 'min-h-10 px-4 py-2 pointer-coarse:min-h-11';
const FINAL = 'min-h-12 px-5 py-3 text-lg max-sm:w-full';
const PRIMARY = 'bg-link text-on-primary border border-link hover:underline underline-offset-3';

/** How a control of a kind looks, for one that is neither of those below. */
export const BUTTON: Readonly<Record<ButtonKind, string>> = {
  primary: `${SHAPE} ${SIZE} ${PRIMARY}`,
  secondary: `${SHAPE} ${SIZE} border border-edge bg-background text-text hover:bg-surface`,
  final: `${SHAPE} ${FINAL} ${PRIMARY}`,
  'final-danger': `${SHAPE} ${FINAL} border border-final-edge bg-final text-on-final hover:bg-final-hover`,
};

/** A button inside a form: it acts. */
export function Button({
  kind = 'secondary',
  type = 'submit',
  className = '',
  ...rest
}: ComponentProps<'button'> & { readonly kind?: ButtonKind }) {
  return <button type={type} className={`${BUTTON[kind]} ${className}`} {...rest} />;
}
