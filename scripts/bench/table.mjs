/** Prints rows of words under their heads; the first column to the left, the others to the right. */
export function printTable(heads, rows) {
  const lines = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => String(line[column] ?? '').length)));
  const padded = (line) =>
    widths.map((width, column) => {
      const text = String(line[column] ?? '');
      return column === 0 ? text.padEnd(width) : text.padStart(width);
    });
  const printed = (line) => console.log(`| ${padded(line).join(' | ')} |`);
  printed(heads);
  console.log(`|${widths.map((width, column) => `${'-'.repeat(width + 1)}${column === 0 ? '-' : ':'}`).join('|')}|`);
  for (const row of rows) printed(row);
}

export const milliseconds = (ms) => (Number.isFinite(ms) ? `${Math.round(ms)} ms` : '');
export const mebibytes = (count) => `${Math.round(count)} MiB`;

/** Bytes as people compare them. */
export const kibibytes = (bytes) => (bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`);
