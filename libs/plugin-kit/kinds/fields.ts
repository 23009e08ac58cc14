import type { GroupValue } from './aggregate.js';
import type { EventSelection, SearchStats } from './search.js';
import type { StorageTier } from './tier.js';

/** Which fields the selected events have. */
export interface FieldsQuery extends EventSelection {
  /** Only this one, over all selected events; undefined for all fields. */
  readonly field?: string;
  /** Most frequent values to name for each field. */
  readonly topValues: number;
  /** Events that undeclared fields and the values of all fields are looked for in, about; unless `field` is given. */
  readonly sampleEvents: number;
}

/** One field of the selected events. */
export interface FieldReport {
  readonly name: string;
  /** The declared type; of an undeclared field the JSON types of its values: `string`, `number`, `boolean`, `object`, `array`. */
  readonly types: readonly string[];
  /** Names of the streams whose event type declares it; empty for an attribute. */
  readonly declaredIn: readonly string[];
  /** Events that have it, among those that were looked at. */
  readonly events: number;
  /** Events that were looked at. */
  readonly of: number;
  /** Distinct values. */
  readonly cardinality: number;
  readonly isExact: boolean;
  readonly topValues: readonly { readonly value: GroupValue; readonly events: number }[];
}

export interface FieldsResult {
  /** Selected events. */
  readonly events: number;
  /** Events that were looked at; fewer than all where the answer stands on a sample. */
  readonly sampled: number;
  /** Declared ones in their order, then attributes by how many events have them. */
  readonly fields: readonly FieldReport[];
  /** Whether there are more undeclared fields than the answer names. */
  readonly isCut: boolean;
  readonly stats: SearchStats;
}

/** Says what fields events have. */
export interface FieldsTier extends StorageTier {
  fields(query: FieldsQuery, signal?: AbortSignal): Promise<FieldsResult>;
}
