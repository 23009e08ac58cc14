import type { NewFiles } from './shared-files.js';

/** A storage tier that keeps days as lines in plain files, to be changed into one's own. */
export function tierFiles(name: string): NewFiles {
  return { 'README.md': readme(name), 'index.ts': INDEX, 'file-tier.ts': FILE_TIER };
}

const readme = (name: string): string => `# tier-${name}

Keeps days of streams as NDJSON in the files of a directory, a step of retention policies: \`search 7d -> ${name} 1y -> delete\`.

It has no options. Its directory is \`outside-tiers/${name}\` of the server's data, or what the setting \`tier.directories\` says.
`;

const INDEX = `import { definePlugin, defineUnitTier, manifestOptions } from '@alluvium/plugin-kit';
import { FileTier } from './file-tier.ts';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'tier',
  manifest,
  units: defineUnitTier(manifestOptions(manifest), ({ directory }) => new FileTier(directory)),
});
`;

const FILE_TIER = `import { UnitFiles, type KeptUnit, type UnitTier } from '@alluvium/plugin-kit';

/** Keeps each unit as a file. The kit writes files so that they are there as a whole and durably, or not at all. */
export class FileTier implements UnitTier {
  readonly #files: UnitFiles;

  constructor(directory: string) {
    this.#files = new UnitFiles(directory, '.ndjson');
  }

  async write(unit: KeptUnit, lines: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#files.write(unit.name, lines);
  }

  read(unit: KeptUnit): AsyncIterable<Uint8Array> {
    return this.#files.read(unit.name);
  }

  async remove(unit: KeptUnit): Promise<void> {
    await this.#files.remove(unit.name);
  }
}
`;
