import { defineInput, definePlugin } from '#plugin-kit';
import manifest from './manifest.json' with { type: 'json' };
import { SyslogInput } from './syslog-input.js';
import { syslogOptions } from './syslog-options.js';

const input = defineInput(syslogOptions, (context) => new SyslogInput(context));

export default definePlugin({ kind: 'input', manifest, input });
