import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COPIED, LEFT, REMADE } from './collections.js';

const ROOT = join(import.meta.dirname, '../..');
/** How sources name a collection: a constant, or the field of a change. */
const NAMED = /(?:\b[A-Z_]*COLLECTION\b(?:: string)?|\bcollection)\s*[=:]\s*'([a-z_-]+)'/g;
/** The move's own record, and MongoDB's collection that all of them are in. */
const NOT_MOVED = ['catalogue', 'migration'];

async function collectionsOfSources(): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const folder of ['apps', 'libs', 'plugins'])
    for (const path of await readdir(join(ROOT, folder), { recursive: true })) {
      if (!path.endsWith('.ts') || path.endsWith('spec.ts') || path.includes('testing/')) continue;
      const text = await readFile(join(ROOT, folder, path), 'utf8');
      for (const [, name = ''] of text.matchAll(NAMED)) names.add(name);
    }
  return [...names];
}

it('says of every collection of the appliance what a move does with it, once', async () => {
  const known = [...COPIED, ...REMADE, ...Object.keys(LEFT)];
  expect(known.filter((name, index) => known.indexOf(name) !== index)).toEqual([]);
  const named = await collectionsOfSources();
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !known.includes(name) && !NOT_MOVED.includes(name))).toEqual([]);
});
