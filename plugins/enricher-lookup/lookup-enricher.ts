import {
  ENRICHED_FIELD_RULE,
  EnricherDataError,
  isEnrichedField,
  type EnrichedFields,
  type Enricher,
  type EnricherContext,
  type EnricherData,
  type EnricherMistake,
} from '#plugin-kit';
import type { LookupOptions } from './lookup-options.js';
import { MOST_BYTES, readTable, tableError } from './read-table.js';

/** Characters of a cell that an event gets. */
const LONGEST_CELL = 8_192;

/** A field, and the place of its column. */
interface Column {
  readonly field: string;
  readonly at: number;
}

/** Looks values up in a table in memory. */
export class LookupEnricher implements Enricher {
  #columns: readonly Column[] = [];
  /** Cells of the columns, by key. */
  #rows: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(private readonly context: EnricherContext<LookupOptions>) {}

  async open(): Promise<EnricherData> {
    const { file, delimiter, key_column } = this.context.options;
    const { header, rows } = await readTable(await this.context.readFile(file, MOST_BYTES), delimiter);
    this.#columns = this.#columnsOf(header);
    this.#rows = await this.#index(rows, header.indexOf(key_column));
    return { title: `${this.#columns.length} fields by ${key_column}`, entries: this.#rows.size };
  }

  enrich(values: readonly string[]): readonly (EnrichedFields | undefined)[] {
    return values.map((value) => this.#find(value));
  }

  close(): void {
    this.#rows = new Map();
  }

  #find(value: string): EnrichedFields | undefined {
    const cells = this.#rows.get(this.#keyOf(value));
    if (!cells) return undefined;
    const found: Record<string, string> = {};
    this.#columns.forEach(({ field }, at) => {
      const cell = cells[at];
      if (cell !== undefined && cell !== '') found[field] = cell;
    });
    return found;
  }

  #keyOf(value: string): string {
    return this.context.options.ignore_case ? value.toLowerCase() : value;
  }

  /** Of equal keys the first counts. Equal cells are kept once: columns such as owners have few values. */
  async #index(
    rows: AsyncIterable<readonly string[]>,
    keyAt: number,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const index = new Map<string, readonly string[]>();
    const cells = new Map<string, string>();
    const once = (cell: string): string => {
      if (cell.length > LONGEST_CELL)
        throw tableError(`A cell has more than ${LONGEST_CELL} characters.`, 'Shorten it.');
      const known = cells.get(cell);
      if (known === undefined) cells.set(cell, cell);
      return known ?? cell;
    };
    for await (const row of rows) {
      const key = this.#keyOf(row[keyAt] ?? '');
      if (key === '' || index.has(key)) continue;
      index.set(
        key,
        this.#columns.map(({ at }) => once(row[at] ?? '')),
      );
    }
    return index;
  }

  /** @throws EnricherDataError with every column that is missing or has a name that no field may have */
  #columnsOf(header: readonly string[]): readonly Column[] {
    const { key_column, fields } = this.context.options;
    const asked =
      fields ?? Object.fromEntries(header.filter((name) => name !== key_column).map((name) => [name, name]));
    const columns = Object.entries(asked).map(([field, name]) => ({ field, name, at: header.indexOf(name) }));
    const mistakes = [
      ...(header.includes(key_column) ? [] : [missing('key_column', key_column, header)]),
      ...columns
        .filter(({ at }) => at < 0)
        .map(({ field, name }) => missing(`fields.${field}`, name, header)),
      ...columns.filter(({ field }) => !isEnrichedField(field)).map(({ name }) => misnamed(name)),
      ...(columns.length === 0 ? [nothingToAdd()] : []),
    ];
    const [first, ...others] = mistakes;
    if (first) throw new EnricherDataError([first, ...others]);
    return columns;
  }
}

function missing(option: string, name: string, header: readonly string[]): EnricherMistake {
  const mend = `Name one of its columns: ${header.map((one) => JSON.stringify(one)).join(', ')}.`;
  return { option, what: `The table has no column ${JSON.stringify(name)}.`, mend };
}

function misnamed(name: string): EnricherMistake {
  const mend = `Give the field a name with \`fields\`: ${ENRICHED_FIELD_RULE}.`;
  return { option: 'fields', what: `No field may be named as the column ${JSON.stringify(name)}.`, mend };
}

function nothingToAdd(): EnricherMistake {
  return { option: 'fields', what: 'The table has nothing besides the key.', mend: 'Add a column.' };
}
