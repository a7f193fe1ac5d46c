import { Icon } from './icon';
import { TONE_TEXT, type Tone } from './tone';

type Props = { readonly icon: string; readonly word: string; readonly tone: Tone };

/** A state: sign and word, then colour. */
export function Tag({ icon, word, tone }: Props) {
  return (
    <span className={`font-medium md:whitespace-nowrap ${TONE_TEXT[tone]}`}>
      <Icon sign={icon} className="mr-0.5" /> {word}
    </span>
  );
}
