import { CodeBlock } from './ui/code-block';
import { Disclosure } from './ui/disclosure';

type Props = {
  /** What the folded part is called. */
  readonly summary?: string;
  /** A line each. */
  readonly commands: readonly string[];
  readonly open?: boolean;
};

/** The way without this tool: commands of the AWS CLI. Values come from AWS when they are run. */
export function ByHand({ summary = 'Do this by hand (AWS CLI)', commands, open }: Props) {
  return (
    <Disclosure summary={summary} open={open}>
      <p className="text-muted">In an empty folder, with the AWS CLI 2.13 or newer and jq.</p>
      <CodeBlock label="Commands" text={commands.join('\n')} copy="Copy the commands" />
    </Disclosure>
  );
}
