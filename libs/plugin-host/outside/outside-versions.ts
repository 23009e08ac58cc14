import type { ParserVersionSource } from '../versions/parser-versions.js';
import type { OutsidePlugins } from './outside-plugins.js';

/** The versions of outside parsers, by the names that requests ask for parsers with. */
export function versionsOf(plugins: OutsidePlugins): ParserVersionSource {
  const pluginOf = (parser: string): string => `parser-${parser}`;
  return {
    list: (parser) => plugins.versions(pluginOf(parser)),
    open: (parser, id, failures) => plugins.openVersion(pluginOf(parser), id, failures),
    activate: (parser, id, held) => plugins.activate(pluginOf(parser), id, held),
  };
}
