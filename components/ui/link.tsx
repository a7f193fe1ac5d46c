import type { Route } from 'next';
import NextLink from 'next/link';
import type { ComponentProps } from 'react';
import { OnItsWay } from './on-its-way';

type Props = Omit<ComponentProps<typeof NextLink>, 'href' | 'prefetch'> & {
  /** An address of ours, built by `lib/routes`. */
  readonly href: string;
};

/** A link to a page of ours. Nothing is fetched before somebody asks: a page reads AWS, and a plan is stored. */
export function Link({ href, children, className = TEXT_LINK, ...rest }: Props) {
  return (
    <NextLink href={href as Route} prefetch={false} className={className} {...rest}>
      {children}
      <OnItsWay />
    </NextLink>
  );
}

/** How a link inside text looks. */
export const TEXT_LINK =
  'text-link underline decoration-1 underline-offset-3 hover:decoration-2 [overflow-wrap:anywhere]';

/** A link to somewhere else: AWS, a runbook, a pipeline. */
export function OutsideLink({ className = TEXT_LINK, ...rest }: ComponentProps<'a'>) {
  return <a className={className} rel="noreferrer" {...rest} />;
}
