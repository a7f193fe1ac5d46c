// Comes before everything else in the built server: what the framework and the runtime say becomes JSON lines too, so that
// a log holds one object a line and nobody's text begins a line of its own.
import { format } from 'node:util';

const LONGEST = 1024;
const LEVELS = { debug: 20, log: 30, info: 30, warn: 40, error: 50 };
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const COLOURS = /\u001b\[[0-9;]*m/g;

function say(level, words) {
  const text = words.replace(COLOURS, '').trim();
  if (text === '') return;
  const line = { level, time: new Date().toISOString(), words: text.slice(0, LONGEST), event: 'runtime.said' };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

for (const [name, level] of Object.entries(LEVELS)) console[name] = (...said) => say(level, format(...said));

process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => say(LEVELS.warn, `${name}: ${message}`));
