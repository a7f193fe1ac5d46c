import type { ComponentProps } from 'react';
import { BUTTON, type ButtonKind } from './button';
import { Link, OutsideLink } from './link';

/** A link that stands out like a button: it only looks. */
export function LinkButton({
  kind = 'secondary',
  className = '',
  ...rest
}: Omit<ComponentProps<typeof Link>, 'className'> & { readonly kind?: ButtonKind; readonly className?: string }) {
  return <Link className={`${BUTTON[kind]} ${className}`} {...rest} />;
}

/** The same to somewhere outside. */
export function OutsideLinkButton({
  kind = 'secondary',
  ...rest
}: ComponentProps<'a'> & { readonly kind?: ButtonKind }) {
  return <OutsideLink {...rest} className={BUTTON[kind]} />;
}
