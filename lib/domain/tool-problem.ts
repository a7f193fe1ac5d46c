import { BY_HAND_WITHOUT_THIS_TOOL } from './by-hand';

/** What people read where a mistake of ours stands in place of a page. */
export const TOOL_PROBLEM = {
  title: 'Problem with this tool · ECS rollback',
  heading: 'Sorry, there is a problem with this tool.',
  words:
    'Your services are not affected by this error. If you pressed a button, check the rollback record before trying again.',
  byHand: 'By hand, without this tool',
} as const;

/** The number of an error in the log. */
export const errorNumber = (digest: string): string => `Error ${digest}.`;

/** The same as markup that needs no script, no style and nothing of the page that failed. */
export function toolProblemMarkup(digest: string | null, links: readonly { href: string; words: string }[]): string {
  const { heading, words, byHand } = TOOL_PROBLEM;
  return [
    `<main><h1>${heading}</h1>`,
    `<p>${words}${digest === null ? '' : ` ${errorNumber(escaped(digest))}`}</p>`,
    `<ul>${links.map((link) => `<li><a href="${escaped(link.href)}">${escaped(link.words)}</a></li>`).join('')}</ul>`,
    `<h2>${byHand}</h2><pre>${escaped(BY_HAND_WITHOUT_THIS_TOOL.join('\n'))}</pre></main>`,
  ].join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
