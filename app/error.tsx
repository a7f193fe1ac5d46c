'use client';

import { PlainPage } from '@/components/plain-page';
import { ToolProblem } from '@/components/tool-problem';
import { Button } from '@/components/ui/button';
import { PageHeading } from '@/components/ui/heading';

/** A page that failed. What it failed with is in the log, under the same number. */
export default function ErrorPage({ error }: { readonly error: Error & { readonly digest?: string } }) {
  // A page of the build before asks for what this one does not know; the server does nothing then.
  return error.name === 'UnrecognizedActionError' ? <OutOfDate /> : <ToolProblem digest={error.digest} />;
}

function OutOfDate() {
  return (
    <PlainPage title="This page is out of date">
      <PageHeading>This page is out of date.</PageHeading>
      <p>The tool was updated while it was open. Nothing has been done.</p>
      <Button type="button" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </PlainPage>
  );
}
