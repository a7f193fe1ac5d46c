import { Disclosure } from './ui/disclosure';
import { Icon } from './ui/icon';
import { Link } from './ui/link';
import { TONE_TEXT, type Tone } from './ui/tone';

/** What a check found, and where its sentence leads. */
type Found = { readonly words: string; readonly link?: { readonly words: string; readonly href: string } | null };

type Props = {
  readonly blocks: readonly Found[];
  /** Warnings that ask for no tick here. */
  readonly warnings: readonly Found[];
  readonly notChecked: readonly string[];
  readonly passed: readonly string[];
};

/** What the checks found: what speaks against first, what passed folded. Unknown is never a tick. */
export function Findings({ blocks, warnings, notChecked, passed }: Props) {
  return (
    <div className="space-y-2">
      <ul className="space-y-2">
        {blocks.map(({ words, link }) => (
          <Finding key={words} sign="✕" tone="bad" words={words} link={link} boxed />
        ))}
        {warnings.map(({ words, link }) => (
          <Finding key={words} sign="!" tone="warning" words={words} link={link} boxed />
        ))}
        {notChecked.map((words) => (
          <Finding key={words} sign="–" tone="muted" words={words} />
        ))}
      </ul>
      {passed.length > 0 && (
        <Disclosure summary={`${passed.length} passed`}>
          <ul className="space-y-1">
            {passed.map((words) => (
              <Finding key={words} sign="✓" tone="good" words={words} />
            ))}
          </ul>
        </Disclosure>
      )}
    </div>
  );
}

const BOXES: Readonly<Partial<Record<Tone, string>>> = {
  bad: 'border-bad bg-bad-tint',
  warning: 'border-warning bg-warning-tint',
};

type FindingProps = Found & { readonly sign: string; readonly tone: Tone; readonly boxed?: boolean };

function Finding({ sign, tone, words, link = null, boxed = false }: FindingProps) {
  return (
    <li
      className={`flex gap-2 [overflow-wrap:anywhere] ${boxed ? `rounded-md border-l-4 px-4 py-2 ${BOXES[tone] ?? ''}` : ''}`}
    >
      <Icon sign={sign} className={`mt-1 ${TONE_TEXT[tone]}`} />
      <span>
        {words} {link !== null && <Link href={link.href}>{link.words}</Link>}
      </span>
    </li>
  );
}
