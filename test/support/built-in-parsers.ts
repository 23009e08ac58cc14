import { readdirSync } from 'node:fs';
import type { ParserPlugin } from '#plugin-kit';

const PLUGINS = new URL('../../plugins/', import.meta.url);
const PREFIX = 'parser-';

/** Names of the built-in parsers, in order. */
export function builtInParserNames(): readonly string[] {
  const folders = readdirSync(PLUGINS).filter((folder) => folder.startsWith(PREFIX));
  return folders.map((folder) => folder.slice(PREFIX.length)).sort();
}

/** The folder of a built-in parser. */
export function parserFolder(name: string): URL {
  return new URL(`${PREFIX}${name}/`, PLUGINS);
}

/** Imports a built-in parser. */
export async function importParser(name: string): Promise<ParserPlugin> {
  const { default: plugin } = (await import(new URL('index.ts', parserFolder(name)).href)) as {
    readonly default: ParserPlugin;
  };
  return plugin;
}
