import { definePlugin } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { parseSyslog } from './parse-syslog.js';
import { sniffSyslog } from './sniff-syslog.js';

export default definePlugin({ kind: 'parser', manifest, parser: { parse: parseSyslog, sniff: sniffSyslog } });
