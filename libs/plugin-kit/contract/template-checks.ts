import { ok } from 'node:assert/strict';
import { configureParser } from '../kinds/parser-template.js';
import { manifestOptions } from '../kinds/manifest-options.js';
import type { ParserPlugin } from '../define-plugin.js';
import { optionCheck } from './option-check.js';
import type { PluginCheck } from './plugin-check.js';

/** What an outside parser must hold whose options admins give: a server checks them by the manifest before its code runs. */
export function templateChecks(
  folder: string,
  { manifest, template }: Pick<ParserPlugin, 'manifest' | 'template'>,
): readonly PluginCheck[] {
  if (!template && !manifest.config) return [];
  return [
    optionCheck(folder, manifest),
    {
      name: 'makes parsers of the options that its manifest describes',
      run: () => {
        ok(
          template,
          '"config" in manifest.json describes options: give index.ts a template that takes them.',
        );
        ok(manifest.config, 'index.ts has a template: describe its options as "config" in manifest.json.');
        const read = manifestOptions(manifest).safeParse(template.example);
        const wrong = read.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
        ok(read.success, `template.example is not what "config" describes: ${wrong.join('; ')}`);
        configureParser(template, read.data);
      },
    },
  ];
}
