import type { Catalogue, Change } from '#catalogue';
import { AlluviumError, type BlockId } from '#event-model';

const COLLECTION = 'ingest-state';

/**
 * What a stream's single writer was doing. `BEFORE`: an insert of these blocks may have happened, wholly or in part.
 * `AFTER`: they are stored and accounted for; their commit on the bus may be missing.
 */
export interface IngestState {
  readonly phase: 'BEFORE' | 'AFTER';
  /** Of the lane's assignment: a writer of an older one can no longer write the state. */
  readonly epoch: number;
  /** The same for every try at these blocks. */
  readonly batch: string;
  readonly blocks: readonly BlockId[];
}

/** Another process writes this stream now; whoever gets this stops. */
export class FencedError extends AlluviumError {
  constructor(id: string) {
    super(`Another process has taken over the writing of ${id}.`, { code: 'fenced', retryable: false });
  }
}

/** The durable state of one stream on one lane, written by one process at a time. */
export class IngestStateRecord {
  #version = 0;
  #state: IngestState | undefined;

  private constructor(
    private readonly catalogue: Catalogue,
    private readonly id: string,
    private readonly epoch: number,
  ) {}

  /** Reads the state as the last writer left it. @throws FencedError where a later assignment wrote it. */
  static async open(catalogue: Catalogue, id: string, epoch: number): Promise<IngestStateRecord> {
    const record = new IngestStateRecord(catalogue, id, epoch);
    const stored = await catalogue.read<IngestState>(COLLECTION, id);
    if (stored && stored.value.epoch > epoch) throw new FencedError(id);
    record.#version = stored?.version ?? 0;
    record.#state = stored?.value;
    return record;
  }

  get state(): IngestState | undefined {
    return this.#state;
  }

  /** Says durably that an insert of these blocks begins. */
  async before(batch: string, blocks: readonly BlockId[]): Promise<void> {
    await this.write([], { phase: 'BEFORE', epoch: this.epoch, batch, blocks });
  }

  /** Writes what the batch came to and, after it, that it is done. */
  async after(changes: readonly Change[]): Promise<void> {
    if (!this.#state) throw new Error(`The state of ${this.id} was never written.`);
    await this.write(changes, { ...this.#state, phase: 'AFTER', epoch: this.epoch });
  }

  private async write(changes: readonly Change[], state: IngestState): Promise<void> {
    const own: Change = { collection: COLLECTION, id: this.id, value: state, ifVersion: this.#version };
    const outcomes = await this.catalogue.write([...changes, own]);
    const last = outcomes.at(-1);
    if (outcomes.some(({ kind }) => kind === 'conflict') || !last) throw new FencedError(this.id);
    this.#version = last.version;
    this.#state = state;
  }
}
