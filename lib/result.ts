/** An answer, or why there is none. Expected failures are values; the rest throws. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** The answer. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** Why there is none. */
export const fail = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });
