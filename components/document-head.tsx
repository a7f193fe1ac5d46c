import type { Colour, Target } from '@/lib/domain/target';
import { BAND_HEX, LIGHT_BANDS } from './target-band';

type Props = {
  /** Said by the tab; one for each page. `null` where a part of the page says it, because it changes. */
  readonly title: string | null;
  /** Colours the browser's own frame and the tab's icon. */
  readonly target?: Pick<Target, 'colour'> | null;
};

/** Title, colour and icon of a page; the framework moves them to the head. */
export function DocumentHead({ title, target = null }: Props) {
  return (
    <>
      {title !== null && <title>{title}</title>}
      {target === null ? (
        <>
          <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f4f6f8" />
          <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1c2126" />
          <link rel="icon" type="image/svg+xml" href="/icon.svg" />
        </>
      ) : (
        <>
          <meta name="theme-color" content={BAND_HEX[target.colour]} />
          <link rel="icon" type="image/svg+xml" href={iconOf(target.colour)} />
        </>
      )}
    </>
  );
}

/** The icon in a target's colour, so that tabs are told apart. */
function iconOf(colour: Colour): string {
  const ink = LIGHT_BANDS.has(colour) ? '#1a1a1a' : '#ffffff';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${BAND_HEX[colour]}"/><path d="${ARROW}" fill="none" stroke="${ink}" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** An arrow that turns back. */
const ARROW = 'M8 7v6.5h6.5M8.6 13.1A9 9 0 1 1 7.2 18.5';
