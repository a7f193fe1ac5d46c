/** What tests start Chromium with. */
export const CHROMIUM_FLAGS: readonly string[];
/** A Chromium of the machine; `null` where there is none, or none that starts. */
export function findChromium(env?: Readonly<Record<string, string | undefined>>): string | null;
