import { randomUUID } from 'node:crypto';
import type { Catalogue } from '#catalogue';

const COLLECTION = 'job-queue';
const ID = 'owner';

/** By what alarms in Redis are known for those of this catalogue's jobs: made once, kept with it. */
export async function readOwner(catalogue: Catalogue): Promise<string> {
  const value = { owner: randomUUID() };
  await catalogue.write([{ collection: COLLECTION, id: ID, value, ifVersion: 0 }]);
  const kept = await catalogue.read<typeof value>(COLLECTION, ID);
  return (kept?.value ?? value).owner;
}
