import type { ComponentProps, ReactNode } from 'react';
import { ScrollRegion } from './scroll-region';

type TableProps = {
  /** What the table is, for people who cannot see what stands around it. */
  readonly label: string;
  /** Whether rows become cards on a phone; else the table scrolls sideways within itself. */
  readonly cards?: boolean;
  readonly children: ReactNode;
};

/** A table in a region that scrolls by itself, so that the page never does. */
export function Table({ label, cards = false, children }: TableProps) {
  return (
    <ScrollRegion label={label}>
      <table className={`w-full border-collapse text-left ${cards ? 'cards' : ''}`}>{children}</table>
    </ScrollRegion>
  );
}

/** Heads of the columns. */
export function TableHead({ children }: { readonly children: ReactNode }) {
  return (
    <thead>
      <tr className="border-b border-edge text-sm text-muted">{children}</tr>
    </thead>
  );
}

/** The head of one column. */
export function Head({ className = '', ...rest }: ComponentProps<'th'>) {
  return <th scope="col" className={`py-2 pr-4 font-medium whitespace-nowrap ${className}`} {...rest} />;
}

/** A row; a line parts it from the next. */
export function Row({ className = '', ...rest }: ComponentProps<'tr'>) {
  return <tr className={`border-b border-line align-top ${className}`} {...rest} />;
}

type CellProps = ComponentProps<'td'> & {
  /** Head of the column, said beside the value where rows are cards. */
  readonly head?: string;
};

/** A cell. */
export function Cell({ head, className = '', ...rest }: CellProps) {
  return <td data-head={head} className={`py-2.5 pr-4 ${className}`} {...rest} />;
}

/** The cell that names its row. */
export function RowHead({ className = '', ...rest }: ComponentProps<'th'>) {
  return <th scope="row" className={`py-2.5 pr-4 text-left font-medium ${className}`} {...rest} />;
}
