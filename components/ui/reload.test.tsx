import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Reload } from './reload';

const drawn = (typing: boolean): string => renderToStaticMarkup(<Reload everySeconds={10} typing={typing} />);

describe('A page without script', () => {
  it('loads itself again where nobody can type anything', () => {
    expect(drawn(false)).toBe('<noscript><meta http-equiv="refresh" content="10"/></noscript>');
  });

  it('waits to be asked where somebody may be typing', () => {
    expect(drawn(true)).toMatch(/^<noscript><p><a href=""[^>]*>Load this page again<\/a><\/p><\/noscript>$/);
  });
});
