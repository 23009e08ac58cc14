import { definePlugin } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { parseCef } from './parse-cef.js';
import { sniffCef } from './sniff-cef.js';

export default definePlugin({ kind: 'parser', manifest, parser: { parse: parseCef, sniff: sniffCef } });
