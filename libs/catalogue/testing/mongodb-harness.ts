import type { Catalogue } from '../catalogue.port.js';
import type { MongoPlace } from '../mongodb-place.js';
import type { KeptDocument } from '../mongodb/kept-document.js';
import type { MongoCatalogue } from '../mongodb/mongodb-catalogue.js';
import type { CatalogueHarness } from './contract-case.js';

/** A catalogue on a server, with what is wrong with it collected. */
export async function openMongoCatalogue(
  place: MongoPlace,
  problems: (string | undefined)[] = [],
): Promise<MongoCatalogue> {
  // Tests of all else import this folder too, and need no driver.
  const { MongoCatalogue } = await import('../mongodb/mongodb-catalogue.js');
  return MongoCatalogue.open(place, { told: (problem) => problems.push(problem) });
}

/**
 * A harness on a real MongoDB, in a database of its own. A process that is killed leaves there what was acknowledged: so after
 * a crash another one looks into the same database.
 */
export async function startMongoHarness(
  place: MongoPlace,
  seeded: (sound: Catalogue) => Catalogue = (sound) => sound,
): Promise<CatalogueHarness> {
  const opened: Catalogue[] = [];
  const open = async (): Promise<Catalogue> => {
    const catalogue = seeded(await openMongoCatalogue(place));
    opened.push(catalogue);
    return catalogue;
  };
  const { MongoClient } = await import('mongodb');
  const { keyOf } = await import('../mongodb/kept-document.js');
  const client = new MongoClient(place.uri, {
    ...(place.user !== undefined && { auth: { username: place.user, password: place.password?.() ?? '' } }),
  });
  const database = client.db(place.database);
  return {
    catalogue: await open(),
    crash: open,
    async damage(collection, id, text) {
      const documents = database.collection<KeptDocument>('catalogue');
      await documents.updateOne(
        { _id: keyOf(collection, id) },
        { $set: { t: text } },
        { writeConcern: { w: 'majority' } },
      );
      return open();
    },
    async stop() {
      await Promise.all(opened.map((each) => each.stop()));
      await database.dropDatabase();
      await client.close();
    },
  };
}
