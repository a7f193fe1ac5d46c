'use client';

import './globals.css';
import { ToolProblem } from '@/components/tool-problem';

/** The same where what stands around every page failed. */
export default function GlobalError({ error }: { readonly error: Error & { readonly digest?: string } }) {
  return (
    <html lang="en-GB">
      <body className="flex flex-col">
        <ToolProblem digest={error.digest} />
      </body>
    </html>
  );
}
