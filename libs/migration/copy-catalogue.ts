import type { Catalogue, Change, ListableCatalogue } from '#catalogue';
import { COPIED, LEFT, REMADE } from './collections.js';
import { MigrationError } from './migration.errors.js';

/** Documents that are written at once. */
const PAGE = 200;

/** What of collections that are made anew comes into the other catalogue, by its id. */
export type Remade = Readonly<Record<string, ReadonlyMap<string, unknown>>>;

/**
 * Copies a catalogue that nobody writes to into one that nobody else uses, whatever an earlier call left there.
 *
 * @returns documents that were copied
 * @throws MigrationError `migration_refused` where it has collections of which nobody knows whether they are to be copied,
 *   `migration_failed` where somebody else writes there
 */
export async function copyCatalogue(
  from: ListableCatalogue,
  to: Catalogue,
  { remade, reach }: { readonly remade: Remade; readonly reach: (faultPoint: string) => void },
): Promise<number> {
  await refuseUnknown(from);
  let documents = 0;
  for (const collection of [...COPIED, ...REMADE]) await empty(to, collection);
  reach('migrate.emptied');
  for (const collection of COPIED)
    for await (const page of pagesOf(from, collection)) {
      await writeAll(to, page);
      documents += page.length;
      reach('migrate.copied');
    }
  for (const [collection, values] of Object.entries(remade)) {
    const changes = [...values].map(([id, value]) => ({ collection, id, value, ifVersion: 0 }));
    for (let at = 0; at < changes.length; at += PAGE) await writeAll(to, changes.slice(at, at + PAGE));
    documents += changes.length;
  }
  return documents;
}

/** The first collection with a document that a copy would write over; undefined where there is none. */
export async function collectionInUse(catalogue: Catalogue): Promise<string | undefined> {
  for (const collection of [...COPIED, ...REMADE])
    if ((await catalogue.scan(collection, { limit: 1 })).length > 0) return collection;
  return undefined;
}

/** @throws MigrationError `migration_refused` */
export async function refuseUnknown(from: ListableCatalogue): Promise<void> {
  const known = new Set([...COPIED, ...REMADE, ...Object.keys(LEFT)]);
  const unknown = (await from.collections()).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new MigrationError(
    'migration_refused',
    `The catalogue has ${unknown.map((name) => `"${name}"`).join(', ')}, of which this version does not know whether it is to be moved: use the version that made it, or report it.`,
  );
}

/** Changes that copy a collection, each document once. */
async function* pagesOf(from: Catalogue, collection: string): AsyncGenerator<readonly Change[]> {
  for (let after: string | undefined; ;) {
    const page = await from.scan(collection, { limit: PAGE, ...(after !== undefined && { after }) });
    if (page.length === 0) return;
    yield page.map(({ id, value }) => ({ collection, id, value, ifVersion: 0 }));
    after = page.at(-1)?.id;
  }
}

/** Nobody else may write there. */
async function writeAll(to: Catalogue, changes: readonly Change[]): Promise<void> {
  const outcomes = await to.write(changes);
  const refused = outcomes.findIndex(({ kind }) => kind !== 'written');
  if (refused < 0) return;
  throw new MigrationError(
    'migration_failed',
    `The document ${changes[refused]?.collection}/${changes[refused]?.id} is written by somebody else, too: stop what runs on this catalogue, and call it again.`,
  );
}

async function empty(catalogue: Catalogue, collection: string): Promise<void> {
  for (;;) {
    const page = await catalogue.scan(collection, { limit: PAGE });
    if (page.length === 0) return;
    await catalogue.write(page.map(({ id }) => ({ collection, id, value: undefined })));
  }
}
