import type { Colour, Target } from '@/lib/domain/target';
import { Icon } from './ui/icon';

/** Ground and text of a band, by the configured colour. */
export const BAND: Readonly<Record<Colour, string>> = {
  red: 'bg-band-red text-on-dark-band',
  green: 'bg-band-green text-on-dark-band',
  teal: 'bg-band-teal text-on-dark-band',
  darkBlue: 'bg-band-darkBlue text-on-dark-band',
  purple: 'bg-band-purple text-on-dark-band',
  pink: 'bg-band-pink text-on-dark-band',
  orange: 'bg-band-orange text-on-light-band',
  yellow: 'bg-band-yellow text-on-light-band',
  lightBlue: 'bg-band-lightBlue text-on-light-band',
};

/** The same grounds for the browser's own frame and the icon of the tab, which take no classes. */
export const BAND_HEX: Readonly<Record<Colour, string>> = {
  red: '#9b1c1c',
  green: '#1e6b3a',
  teal: '#0f6b6b',
  darkBlue: '#1d4f9f',
  purple: '#6b3fa0',
  pink: '#b32d6f',
  orange: '#f0932b',
  yellow: '#f5c518',
  lightBlue: '#8fd0f5',
};

/** Colours that take dark text. */
export const LIGHT_BANDS: ReadonlySet<Colour> = new Set(['orange', 'yellow', 'lightBlue']);

/** The sign of a target: protected ones have their own, so that colour says nothing alone. */
export const targetSign = (target: Pick<Target, 'protected'>): string => (target.protected ? '▲' : '●');

/** Where one is: colour, word and sign, in sight however far the page is scrolled. */
export function TargetBand({ target }: { readonly target: Target }) {
  return (
    <section aria-label="Target" className={`sticky top-0 z-20 border-b border-text ${BAND[target.colour]}`}>
      <p className="mx-auto flex max-w-6xl flex-wrap items-baseline gap-x-4 px-4 py-1.5">
        <strong className="font-semibold tracking-wide uppercase">
          <Icon sign={targetSign(target)} className="mr-1" /> <bdi>{target.name}</bdi>
        </strong>
        <span className="text-sm">
          {target.account !== null && `account ${accountInFours(target.account)} · `}
          {target.region}
        </span>
      </p>
    </section>
  );
}

/** `1234-5678-9012`: twelve digits as people read them. */
export const accountInFours = (account: string): string => account.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3');
