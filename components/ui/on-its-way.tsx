'use client';

import { useLinkStatus } from 'next/link';

/** A line at the top of the window while the page behind the link around it has not come. */
export function OnItsWay() {
  const { pending } = useLinkStatus();
  return <span aria-hidden="true" className="on-its-way" data-pending={pending} />;
}
