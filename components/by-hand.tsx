import { CodeBlock } from './ui/code-block';
import { Disclosure } from './ui/disclosure';

/** Said before commands that name no service. */
export const BY_HAND_NOTE = 'Put your own words in place of the capital ones.';

type Props = {
  /** What the folded part is called. */
  readonly summary?: string;
  /** A line each. */
  readonly commands: readonly string[];
  /** Said before the commands. */
  readonly note?: string;
  readonly open?: boolean;
};

/** The way without this tool: commands of the AWS CLI. Values come from AWS when they are run. */
export function ByHand({ summary = 'Do this by hand (AWS CLI)', commands, note, open }: Props) {
  return (
    <Disclosure summary={summary} open={open}>
      <p className="text-muted">{note} In an empty folder. The first line says what has to be installed.</p>
      <CodeBlock label="Commands" text={commands.join('\n')} copy="Copy the commands" />
    </Disclosure>
  );
}
