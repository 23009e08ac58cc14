import { configureParser, definePlugin } from '#plugin-kit';
import { configureGrok } from './configure-grok.js';
import { EXAMPLE } from './example.js';
import manifest from './manifest.json' with { type: 'json' };
import { grokOptions } from './options.js';

const template = { options: grokOptions, configure: configureGrok, example: EXAMPLE };

export default definePlugin({
  kind: 'parser',
  manifest,
  parser: configureParser(template, EXAMPLE),
  template,
});
