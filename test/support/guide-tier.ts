import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trustPlugin } from '#plugin-host/author';
import { makeManifest } from '#plugin-kit/testing';

const GUIDE = join(import.meta.dirname, '../../docs/guide/plugin-tier.md');
const FILE = /^cat > "\$PLUGINS\/(tier-gzip-files\/[\w.-]+)" <<'END'\n([\s\S]*?)^END$/gm;

/**
 * Makes the tier of the guide for authors below a folder of plugins, and trusts it.
 *
 * @param change of its files' text
 */
export async function makeGuideTier(
  folder: string,
  change: (text: string) => string = String,
): Promise<void> {
  const place = join(folder, 'tier-gzip-files');
  await mkdir(place, { recursive: true });
  const files = [...(await readFile(GUIDE, 'utf8')).matchAll(FILE)];
  if (files.length !== 2) throw new Error('The guide does not show the two files of its tier.');
  for (const [, path = '', text = ''] of files) await writeFile(join(folder, path), change(text));
  const manifest = makeManifest({ name: 'tier-gzip-files', kind: 'tier' });
  await writeFile(join(place, 'manifest.json'), JSON.stringify(manifest));
  const trusted = await trustPlugin(place);
  if (trusted.problems) throw new Error(JSON.stringify(trusted.problems));
}
