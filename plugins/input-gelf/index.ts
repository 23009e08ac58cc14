import { defineInput, definePlugin } from '#plugin-kit';
import { GelfInput } from './gelf-input.js';
import { gelfOptions } from './gelf-options.js';
import manifest from './manifest.json' with { type: 'json' };

const input = defineInput(gelfOptions, (context) => new GelfInput(context));

export default definePlugin({ kind: 'input', manifest, input });
