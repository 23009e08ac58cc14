import { ENRICHER_CONFIG, enricherFiles } from './enricher-files.js';
import { eventTypeFiles } from './event-type-files.js';
import { INPUT_CONFIG, inputFiles } from './input-files.js';
import { NOTIFIER_CONFIG, notifierFiles } from './notifier-files.js';
import { parserFiles } from './parser-files.js';
import type { NewFiles } from './shared-files.js';
import { tierFiles } from './tier-files.js';

/** What a plugin of one kind begins with. */
export interface PluginTemplate {
  /** Its files beside those that plugins of all kinds have. */
  readonly filesOf: (name: string) => NewFiles;
  /** JSON Schema of its options. */
  readonly config?: object;
}

/** By kind. */
export const TEMPLATES: ReadonlyMap<string, PluginTemplate> = new Map<string, PluginTemplate>([
  ['parser', { filesOf: parserFiles }],
  ['event-type', { filesOf: eventTypeFiles }],
  ['input', { filesOf: inputFiles, config: INPUT_CONFIG }],
  ['enricher', { filesOf: enricherFiles, config: ENRICHER_CONFIG }],
  ['notifier', { filesOf: notifierFiles, config: NOTIFIER_CONFIG }],
  ['tier', { filesOf: tierFiles }],
]);
