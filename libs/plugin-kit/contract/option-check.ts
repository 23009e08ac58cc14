import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginManifest } from '../manifest.js';
import type { PluginCheck } from './plugin-check.js';

/** Whether a plugin's README says something of each option of its manifest's `config`. */
export function optionCheck(folder: string, { config }: PluginManifest): PluginCheck {
  return {
    name: 'names every option in the README',
    run: () => {
      const readme = readFileSync(join(folder, 'README.md'), 'utf8');
      const { properties = {} } = (config ?? {}) as { readonly properties?: object };
      const missing = Object.keys(properties).filter((name) => !readme.includes(`\`${name}\``));
      deepStrictEqual(missing, []);
    },
  };
}
