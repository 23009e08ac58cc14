import { setImmediate } from 'node:timers/promises';
import type { Catalogue, Stored } from '#catalogue';

const PAGE = 1_000;

/** Which documents of a collection: ids that start with `prefix`, behind `after`, up to and without `until`. */
export interface IdRange {
  readonly prefix: string;
  readonly after?: string;
  readonly until?: string;
}

/** Reads all documents of a range, page by page, and lets requests through in between. */
export async function scanAll<T>(
  catalogue: Catalogue,
  collection: string,
  range: IdRange,
): Promise<Stored<T>[]> {
  const { prefix, until } = range;
  const all: Stored<T>[] = [];
  for (let after = range.after; ; await setImmediate()) {
    const from = after === undefined ? {} : { after };
    const page = await catalogue.scan<T>(collection, { prefix, ...from, limit: PAGE });
    const wanted = until === undefined ? page : page.filter(({ id }) => id < until);
    all.push(...wanted);
    after = page.at(-1)?.id;
    if (page.length < PAGE || wanted.length < page.length) return all;
  }
}
