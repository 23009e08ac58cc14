import type { Catalogue, Stored } from '#catalogue';
import type { ArchivedStream, AwaitedUnit, StreamArchive } from './archived-unit.js';

/** Of the catalogue: a document of each stream, `<tenant>/<stream>`. */
export const COLLECTION = 'archived-units';
/** Documents that are read at once. */
const PAGE = 100;

/** The archives of all streams, by their ids. */
export async function* allArchives(
  catalogue: Pick<Catalogue, 'scan'>,
): AsyncGenerator<Stored<StreamArchive>> {
  for (let after: string | undefined; ;) {
    const page = await catalogue.scan<StreamArchive>(COLLECTION, {
      limit: PAGE,
      ...(after !== undefined && { after }),
    });
    yield* page;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

/** Units that are on their way into the archive, by their streams. */
export async function awaitedUnits(
  catalogue: Pick<Catalogue, 'scan'>,
): Promise<readonly { readonly of: ArchivedStream; readonly units: readonly AwaitedUnit[] }[]> {
  const found: { readonly of: ArchivedStream; readonly units: readonly AwaitedUnit[] }[] = [];
  for await (const { id, value } of allArchives(catalogue)) {
    const [tenant = '', stream = ''] = id.split('/');
    if (value.awaited) found.push({ of: { tenant, stream }, units: value.awaited });
  }
  return found;
}
