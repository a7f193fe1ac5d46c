import type { Element } from './markup.mjs';

/** A form as it would be sent. */
export type FilledForm = {
  readonly from: string;
  readonly to: string;
  readonly multipart: boolean;
  readonly entries: readonly (readonly [string, string])[];
};

/** The form of a plan page with everything ticked, typed and given; `null` where the page has none. */
export function filledPlan(plan: { readonly url: string; readonly page: Element }): FilledForm | null;
