/** Colours of the pages; `system` follows the device. */
export const THEMES = ['system', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

/** What somebody chose for this browser. */
export type Preferences = { readonly theme: Theme; readonly keys: boolean };

/** Cookies that keep the choices: the server draws the right page at once. */
export const THEME_COOKIE = 'theme';
export const KEYS_COOKIE = 'keyboard-shortcuts';

/** The choices two cookies hold; anything else in them counts for nothing. */
export function preferencesIn(theme: string | undefined, keys: string | undefined): Preferences {
  return { theme: THEMES.find((known) => known === theme) ?? 'system', keys: keys !== 'off' };
}
