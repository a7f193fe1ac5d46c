export type Element = {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
};

/** A page as a tree: elements have `tag`, `attributes` and `children`, and text is text. */
export function parseMarkup(html: string): Element;
/** Every element below one that passes, in the order of the page. */
export function elements(node: Element | string, passes: (element: Element) => boolean): readonly Element[];
/** The text of an element as a person reads it. */
export function wordsOf(node: Element | string): string;
/** Controls of a form, those that only name it as theirs included. */
export function controlsOf(page: Element, form: Element): readonly Element[];
/** What a browser would send of a control: pairs of name and value. */
export function entriesOf(
  control: Element,
  choose?: (control: Element) => string | null | undefined,
): readonly (readonly [string, string])[];
