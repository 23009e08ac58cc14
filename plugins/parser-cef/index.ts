import { definePlugin, sniffBarHeader } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { parseCef } from './parse-cef.js';

export default definePlugin({
  kind: 'parser',
  manifest,
  parser: { parse: parseCef, sniff: (line) => sniffBarHeader(line, 'CEF') },
});
