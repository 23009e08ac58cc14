export type { MongoPlace } from '#mongodb-client';

/** What is known of the server that a catalogue is kept on. */
export interface CatalogueStatus {
  readonly engine: 'mongodb';
  /** What is wrong with it now, and the setting by which it is mended; absent while it works. */
  readonly fault?: string;
  /** Members of the replica set (or doors of the cluster) that answer, and those that there are. */
  readonly members: { readonly alive: number; readonly known: number };
  /** Seconds by which each secondary is behind the primary, by its address; absent where there is none. */
  readonly lag?: ReadonlyMap<string, number>;
}

/** A catalogue on a server. */
export interface ServedCatalogue {
  status(): CatalogueStatus;
}

/** What is known of the server behind a catalogue; undefined where it is kept within the process. */
export function catalogueStatus(catalogue: object): CatalogueStatus | undefined {
  return isServed(catalogue) ? catalogue.status() : undefined;
}

function isServed(catalogue: object): catalogue is ServedCatalogue {
  return 'status' in catalogue && typeof catalogue.status === 'function';
}
