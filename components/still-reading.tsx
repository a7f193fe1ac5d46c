import { Said } from './status';
import { Notice } from './ui/notice';
import { Refresh } from './ui/refresh';

type Props = {
  readonly words: string;
  /** How soon the page asks again; seldom where what is missing takes AWS long. */
  readonly everySeconds?: number;
  /** Whether the page has something to type in. */
  readonly typing?: boolean;
};

/** Says that a page stands with what it has, and brings the rest once AWS answered. */
export function StillReading({ words, everySeconds = 3, typing }: Props) {
  return (
    <Notice tone="progress">
      <p>{words} AWS is slow to answer.</p>
      <Said words={`${words} AWS is slow to answer.`} />
      <Refresh everySeconds={everySeconds} typing={typing} />
    </Notice>
  );
}
