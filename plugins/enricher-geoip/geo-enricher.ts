import { Reader, type Response } from 'mmdb-lib';
import {
  EnricherDataError,
  type EnrichedFields,
  type Enricher,
  type EnricherContext,
  type EnricherData,
} from '#plugin-kit';
import { Nowhere, readAddress } from './address.js';
import { fieldsOf, GEO_FIELDS } from './geo-fields.js';
import type { GeoOptions } from './geo-options.js';

/** The largest city databases have some 150 MiB. */
const MOST_BYTES = 512 * 1024 * 1024;
/** Stands before the metadata, which are the last 128 KiB at most ("Database Metadata" of the format's description). */
const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
const METADATA_BYTES = 128 * 1024;
/** Looked up when a database is opened: one that is damaged throughout fails then. */
const PROBES = ['1.1.1.1', '8.8.8.8', '81.2.69.142', '2001:4860:4860::8888'];

/** Looks addresses up in a database in memory. */
export class GeoEnricher implements Enricher {
  #reader: Reader<Response> | undefined;
  readonly #nowhere = new Nowhere();

  constructor(private readonly context: EnricherContext<GeoOptions>) {}

  async open(): Promise<EnricherData> {
    const { file } = this.context.options;
    const bytes = await this.context.readFile(file, MOST_BYTES);
    const reader = openDatabase(file, bytes);
    this.#reader = reader;
    const { databaseType, buildEpoch } = reader.metadata;
    return { title: databaseType, built_at: buildEpoch.toISOString() };
  }

  enrich(values: readonly string[]): readonly (EnrichedFields | undefined)[] {
    return values.map((value) => this.#find(value));
  }

  close(): void {
    this.#reader = undefined;
  }

  #find(text: string): EnrichedFields | undefined {
    const { language, fields = GEO_FIELDS } = this.context.options;
    const read = readAddress(text);
    if (!read || !this.#reader || this.#nowhere.has(read.address, read.family)) return undefined;
    if (read.family === 6 && this.#reader.metadata.ipVersion === 4) return undefined;
    return fieldsOf(this.#reader.get(read.address), fields, language);
  }
}

/** @throws EnricherDataError where it is no database, or damaged */
function openDatabase(file: string, bytes: Uint8Array): Reader<Response> {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!buffer.subarray(-METADATA_BYTES).includes(MARKER))
      throw new RangeError('its metadata are not there');
    const reader = new Reader<Response>(buffer);
    const { searchTreeSize, nodeCount, buildEpoch, databaseType } = reader.metadata;
    if (!(nodeCount > 0) || searchTreeSize >= bytes.length) throw new RangeError('its tree is not all there');
    if (!databaseType || Number.isNaN(buildEpoch.getTime()))
      throw new RangeError('it does not say what it is');
    for (const address of PROBES)
      if (reader.metadata.ipVersion === 6 || !address.includes(':')) reader.get(address);
    return reader;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const mend = 'Copy the .mmdb file again, unpacked; a .tar.gz or a CSV edition is something else.';
    throw new EnricherDataError(
      [{ option: 'file', what: `The file ${file} is no database in MaxMind's format: ${why}.`, mend }],
      cause,
    );
  }
}
