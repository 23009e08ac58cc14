import { definePlugin } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { parseGelfLine } from './parse-gelf.js';
import { sniffGelf } from './sniff-gelf.js';

export default definePlugin({
  kind: 'parser',
  manifest,
  parser: { parse: (lines) => lines.map(parseGelfLine), sniff: sniffGelf },
});
