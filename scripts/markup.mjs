// Reads pages that a program wrote: whole, well-formed markup. Not a parser for the web at large.

const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);
const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>/g;
const ATTRIBUTE = /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** A page as a tree: elements have `tag`, `attributes` and `children`, and text is text. */
export function parseMarkup(html) {
  const text = html.replace(/<!--[\s\S]*?-->/g, '').replace(/<(script|style|template)\b[\s\S]*?<\/\1>/gi, '');
  const root = { tag: '', attributes: {}, children: [] };
  const open = [root];
  let from = 0;
  for (const { 0: whole, 1: closing, 2: name, 3: rest, index } of text.matchAll(TAG)) {
    const parent = open.at(-1);
    if (index > from) parent.children.push(decoded(text.slice(from, index)));
    from = index + whole.length;
    const tag = name.toLowerCase();
    if (closing) close(open, tag);
    else {
      const element = { tag, attributes: attributesIn(rest), children: [] };
      parent.children.push(element);
      if (!VOID.has(tag) && !rest.endsWith('/')) open.push(element);
    }
  }
  return root;
}

/** Ends the innermost open element of a name, and what was left open inside it. */
function close(open, tag) {
  const index = open.findLastIndex((element) => element.tag === tag);
  if (index > 0) open.length = index;
}

const attributesIn = (text) =>
  Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name, double, single, bare]) => [
      name.toLowerCase(),
      decoded(double ?? single ?? bare ?? ''),
    ]),
  );

const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const decoded = (text) =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });

/** Every element below one that passes, in the order of the page. */
export function elements(node, passes) {
  if (typeof node === 'string') return [];
  return node.children.flatMap((child) => [
    ...(typeof child !== 'string' && passes(child) ? [child] : []),
    ...elements(child, passes),
  ]);
}

/** The text of an element as a person reads it. */
export const wordsOf = (node) => textOf(node).replace(/\s+/g, ' ').trim();

function textOf(node) {
  if (typeof node === 'string') return node;
  const text = node.children.map(textOf).join('');
  return INLINE.has(node.tag) ? text : ` ${text} `;
}
const INLINE = new Set(['a', 'b', 'code', 'em', 'i', 'span', 'strong', 'time']);

const CONTROLS = new Set(['input', 'select', 'textarea', 'button']);

/** Controls of a form, those that only name it as theirs included. */
export function controlsOf(page, form) {
  const { id } = form.attributes;
  return elements(page, ({ tag, attributes }) => CONTROLS.has(tag) && attributes.disabled === undefined).filter(
    (control) =>
      (id && control.attributes.form === id) ||
      (control.attributes.form === undefined && elements(form, (one) => one === control).length > 0),
  );
}

/**
 * What a browser would send of a control: pairs of name and value. `choose` may answer with another value, or with
 * `null` for none; a box or a choice counts as ticked with any value.
 */
export function entriesOf(control, choose = () => undefined) {
  const { name, type = 'text', value = 'on', checked } = control.attributes;
  if (!name || control.tag === 'button' || ['submit', 'button', 'reset', 'image', 'file'].includes(type)) return [];
  const chosen = choose(control);
  if (chosen !== undefined) return chosen === null ? [] : [[name, chosen]];
  if (type === 'checkbox' || type === 'radio') return checked === undefined ? [] : [[name, value]];
  return [[name, textValueOf(control)]];
}

function textValueOf({ tag, attributes, children }) {
  if (tag === 'textarea') return children.join('');
  if (tag !== 'select') return attributes.value ?? '';
  const options = children.filter((child) => child.tag === 'option');
  const option = options.find((one) => one.attributes.selected !== undefined) ?? options[0];
  return option?.attributes.value ?? '';
}
