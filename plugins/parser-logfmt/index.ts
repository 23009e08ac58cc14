import { definePlugin } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { parseLogfmt } from './parse-logfmt.js';
import { sniffLogfmt } from './sniff-logfmt.js';

export default definePlugin({ kind: 'parser', manifest, parser: { parse: parseLogfmt, sniff: sniffLogfmt } });
