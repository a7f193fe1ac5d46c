'use client';

import { ToolProblem } from '@/components/tool-problem';

/** A page that failed. What it failed with is in the log, under the same number. */
export default function ErrorPage({ error }: { readonly error: Error & { readonly digest?: string } }) {
  return <ToolProblem digest={error.digest} />;
}
