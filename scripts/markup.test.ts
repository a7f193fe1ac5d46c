import { describe, expect, it } from 'vitest';
import { controlsOf, elements, entriesOf, parseMarkup, wordsOf } from './markup.mjs';

const formIn = (html: string) => {
  const page = parseMarkup(html);
  const [form] = elements(page, ({ tag }) => tag === 'form');
  if (form === undefined) throw new Error('there is no form');
  return controlsOf(page, form);
};

const sent = (html: string, choose?: Parameters<typeof entriesOf>[1]) =>
  formIn(html).flatMap((control) => entriesOf(control, choose));

describe('reading a page', () => {
  it('gives its words as people read them, without scripts and comments', () => {
    const html =
      '<main>One <b>t</b>wo<!-- no --><script>no("<p>")</script><p>three &amp; &#39;four&#x27; &lt;</p></main>';
    expect(wordsOf(parseMarkup(html))).toBe("One two three & 'four' <");
  });

  it('reads attributes with and without quotes, and values that hold brackets', () => {
    const [input] = elements(
      parseMarkup(`<input name=a value="x > y" checked data-q='"'/>`),
      ({ tag }) => tag === 'input',
    );
    expect(input?.attributes).toEqual({ name: 'a', value: 'x > y', checked: '', 'data-q': '"' });
  });
});

describe('a form as a browser sends it', () => {
  it('has hidden fields, texts, chosen options and what is ticked', () => {
    const html = `<form>
      <input type="hidden" name="$ACTION_1:0" value="{&quot;id&quot;:&quot;7f&quot;}">
      <input name="typed"><textarea name="details">a
b</textarea><select name="one"><option value="1">x</option><option value="2" selected>y</option></select>
      <input type="checkbox" name="ticked" value="age"><input type="checkbox" name="ticked" value="tag" checked>
      <input type="radio" name="reason" value="Other"><input name="off" disabled><input type="submit" name="go"></form>`;
    expect(sent(html)).toEqual([
      ['$ACTION_1:0', '{"id":"7f"}'],
      ['typed', ''],
      ['details', 'a\nb'],
      ['one', '2'],
      ['ticked', 'tag'],
    ]);
  });

  it('has what somebody chose, and not what they left out', () => {
    const html = '<form><input type="radio" name="r" value="a" checked><input type="radio" name="r" value="b"></form>';
    const choose = ({ attributes }: { readonly attributes: Readonly<Record<string, string>> }) =>
      attributes.value === 'b' ? 'b' : null;
    expect(sent(html, choose)).toEqual([['r', 'b']]);
  });

  it('has the controls that stand elsewhere and name it, and none of another form', () => {
    const html = '<form id="f"><input name="in"></form><input name="out" form="f"><form><input name="other"></form>';
    expect(sent(html)).toEqual([
      ['in', ''],
      ['out', ''],
    ]);
  });
});
