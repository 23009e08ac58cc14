import type { StreamSpec } from '#plugin-kit';
import type { StoredBlock, StoredNotice } from '#storage-tier';

/** Most blocks that one look asks for, each by its id. */
const LOOK_BLOCKS = 500;
/** Bytes of blocks that one look asks for, so that their events fit into memory while they are put in order. */
const LOOK_BYTES = 8 * 2 ** 20;

/** Blocks of one stream to be looked for together. */
export interface BlocksOfStream {
  readonly stream: StreamSpec;
  readonly blocks: readonly StoredBlock[];
}

/** Blocks that were stored and not looked for yet, stream by stream, in the order in which they were told. */
export class WaitingBlocks {
  readonly #streams = new Map<string, { readonly stream: StreamSpec; blocks: StoredBlock[] }>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ stream, blocks }: StoredNotice): void {
    const known = this.#streams.get(stream.name);
    if (known) known.blocks.push(...blocks);
    else this.#streams.set(stream.name, { stream, blocks: [...blocks] });
    this.#count += blocks.length;
  }

  /** The blocks of the stream that has waited longest, as many as one look takes; undefined where none wait. */
  take(): BlocksOfStream | undefined {
    const [first] = this.#streams;
    if (!first) return undefined;
    const [name, { stream, blocks }] = first;
    const taken = blocks.splice(0, fitting(blocks));
    // What is left goes to the end, so that one busy stream doesn't hold up the others.
    this.#streams.delete(name);
    if (blocks.length > 0) this.#streams.set(name, { stream, blocks });
    this.#count -= taken.length;
    return { stream, blocks: taken };
  }

  clear(): void {
    this.#streams.clear();
    this.#count = 0;
  }
}

function fitting(blocks: readonly StoredBlock[]): number {
  let sum = 0;
  const tooMany = blocks.findIndex(
    ({ bytes }, n) => n >= LOOK_BLOCKS || ((sum += bytes) > LOOK_BYTES && n > 0),
  );
  return tooMany === -1 ? blocks.length : tooMany;
}
