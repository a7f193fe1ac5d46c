import { Notice } from './ui/notice';
import { Refresh } from './ui/refresh';

const EVERY_SECONDS = 3;

/** Says that a page stands with what it has, and brings the rest once AWS answered. */
export function StillReading({ words }: { readonly words: string }) {
  return (
    <Notice tone="progress" role="status">
      <p>{words} AWS is slow to answer.</p>
      <Refresh everySeconds={EVERY_SECONDS} />
    </Notice>
  );
}
