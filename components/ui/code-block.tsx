import { CopyButton } from './copy-button';
import { ScrollRegion } from './scroll-region';

type Props = { readonly label: string; readonly text: string; readonly copy?: string };

/** Text for a machine, in a region that scrolls by itself. */
export function CodeBlock({ label, text, copy }: Props) {
  return (
    <div className="space-y-1">
      {copy && <CopyButton text={text}>{copy}</CopyButton>}
      <ScrollRegion label={label} className="max-h-128 border border-line bg-surface">
        <pre className="p-4 text-sm">
          <code>{text}</code>
        </pre>
      </ScrollRegion>
    </div>
  );
}
