// The commands of a document: its fenced blocks, with the words behind the language and the heading above.

/** What a document's fenced blocks hold, in their order. `language` is the first word behind the fence, `marks` the others. */
export function fencedBlocks(markdown) {
  let heading = '';
  const blocks = [];
  const lines = markdown.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const [, title] = /^#+ (.*)$/.exec(lines[index]) ?? [];
    if (title !== undefined) heading = title;
    const [, info] = /^```(\S.*)?$/.exec(lines[index]) ?? [];
    if (info === undefined) continue;
    const end = lines.indexOf('```', index + 1);
    const [language, ...marks] = info.split(' ');
    blocks.push({ heading, language, marks, text: lines.slice(index + 1, end).join('\n') });
    index = end;
  }
  return blocks;
}
