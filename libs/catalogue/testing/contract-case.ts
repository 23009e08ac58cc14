import type { Catalogue } from '../catalogue.port.js';

/** One adapter under test, with data of its own. */
export interface CatalogueHarness {
  readonly catalogue: Catalogue;
  /** What is left when the process is killed now, opened again; the old catalogue is not used any more. */
  crash(): Promise<Catalogue>;
  /** The same, with this text in place of the value of a document that is there. */
  damage(collection: string, id: string, text: string): Promise<Catalogue>;
  /** Stops what was opened and removes its data. */
  stop(): Promise<void>;
}

/** Which sentence of the port a case holds an adapter to. */
export type CataloguePromise =
  'read' | 'damage' | 'version' | 'conditional' | 'order' | 'durable' | 'watch' | 'names' | 'stop';

export interface CatalogueCase {
  readonly promise: CataloguePromise;
  readonly name: string;
  /** How MongoDB meets it. */
  readonly distributed: string;
  /** Rejects where the promise is broken. */
  run(harness: CatalogueHarness): Promise<void>;
}
