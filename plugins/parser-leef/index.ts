import { definePlugin, sniffBarHeader } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { parseLeef } from './parse-leef.js';

export default definePlugin({
  kind: 'parser',
  manifest,
  parser: { parse: parseLeef, sniff: (line) => sniffBarHeader(line, 'LEEF') },
});
