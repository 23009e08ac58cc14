import { configureParser, definePlugin } from '#plugin-kit';
import { configureRegex } from './configure-regex.js';
import { EXAMPLE } from './example.js';
import manifest from './manifest.json' with { type: 'json' };
import { regexOptions } from './options.js';

const template = { options: regexOptions, configure: configureRegex, example: EXAMPLE };

export default definePlugin({
  kind: 'parser',
  manifest,
  parser: configureParser(template, EXAMPLE),
  template,
});
