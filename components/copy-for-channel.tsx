import { CopyButton } from './ui/copy-button';

type Props = {
  /** What is so, without a full stop: `api in production: running release-1123 (428)`. */
  readonly words: string;
  /** Whole address of the page. */
  readonly address: string;
};

/** Copies one line that tells a channel what this page tells. */
export function CopyForChannel({ words, address }: Props) {
  return <CopyButton text={`${words}. ${address}`}>Copy for incident channel</CopyButton>;
}
