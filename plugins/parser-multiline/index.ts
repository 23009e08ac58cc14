import { configureParser, definePlugin } from '#plugin-kit';
import { configureMultiline } from './configure-multiline.js';
import manifest from './manifest.json' with { type: 'json' };
import { multilineOptions } from './options.js';

/** Stack traces of all languages that it knows. */
const EXAMPLE = {};
const template = { options: multilineOptions, configure: configureMultiline, example: EXAMPLE };

export default definePlugin({
  kind: 'parser',
  manifest,
  parser: configureParser(template, EXAMPLE),
  template,
  standsAlone: true,
});
