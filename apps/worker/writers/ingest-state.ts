import type { Catalogue, Change } from '#catalogue';
import { AlluviumError, type BlockId } from '#event-model';
import type { QuarantineMove } from '../quarantine/quarantine-move.js';

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
  /** Refused events that leave quarantine, where the batch is of those: `blocks` is empty then. */
  readonly move?: QuarantineMove;
}

/** A stream's first state: there is no batch to finish. */
const NOTHING_DONE: IngestState = { phase: 'AFTER', epoch: 0, batch: '', blocks: [] };

/** Another process writes this stream now; whoever gets this stops. */
export class FencedError extends AlluviumError {
  constructor(id: string) {
    super(`Another process has taken over the writing of ${id}.`, { code: 'fenced', retryable: false });
  }
}

/** Whether nothing of the stream on this lane is half stored. */
export async function isSettled(catalogue: Catalogue, id: string): Promise<boolean> {
  return (await catalogue.read<IngestState>(COLLECTION, id))?.value.phase !== 'BEFORE';
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

  /**
   * Takes the state over as the last writer left it. From then on no writer of an older assignment can write it.
   *
   * @throws FencedError where a later assignment has it.
   */
  static async open(catalogue: Catalogue, id: string, epoch: number): Promise<IngestStateRecord> {
    const record = new IngestStateRecord(catalogue, id, epoch);
    while (!(await record.takeOver()));
    return record;
  }

  /** An epoch that no writer of the state had, where no lane of the bus gives one. */
  static async nextEpoch(catalogue: Catalogue, id: string): Promise<number> {
    const kept = await catalogue.read<IngestState>(COLLECTION, id);
    return Math.max(Date.now(), (kept?.value.epoch ?? 0) + 1);
  }

  /**
   * Reads the state again, where it isn't known whether the last write arrived, and writes it back: one that is still on its way
   * has an old version then, and would be taken for another process's otherwise.
   *
   * @throws FencedError
   */
  async refresh(): Promise<void> {
    while (!(await this.takeOver({ anew: true })));
  }

  get state(): IngestState | undefined {
    return this.#state;
  }

  /** Says durably that an insert of these blocks begins. */
  async before(batch: string, blocks: readonly BlockId[]): Promise<void> {
    await this.write([], { phase: 'BEFORE', epoch: this.epoch, batch, blocks });
  }

  /** Says durably that these events begin to leave quarantine; `changes` are written before it. */
  async beforeMove(batch: string, move: QuarantineMove, changes: readonly Change[]): Promise<void> {
    await this.write(changes, { phase: 'BEFORE', epoch: this.epoch, batch, blocks: [], move });
  }

  /** Writes what the batch came to and, after it, that it is done. */
  async after(changes: readonly Change[]): Promise<void> {
    if (!this.#state) throw new Error(`The state of ${this.id} was never written.`);
    const { batch, blocks } = this.#state;
    await this.write(changes, { phase: 'AFTER', epoch: this.epoch, batch, blocks });
  }

  /** False where an older writer was faster: its write is to be read first. */
  private async takeOver({ anew = false } = {}): Promise<boolean> {
    const stored = await this.catalogue.read<IngestState>(COLLECTION, this.id);
    if (stored && stored.value.epoch > this.epoch) throw new FencedError(this.id);
    const value: IngestState = { ...(stored?.value ?? NOTHING_DONE), epoch: this.epoch };
    this.#version = stored?.version ?? 0;
    this.#state = value;
    if (stored?.value.epoch === this.epoch && !anew) return true;
    const [outcome] = await this.catalogue.write([
      { collection: COLLECTION, id: this.id, value, ifVersion: this.#version },
    ]);
    if (outcome?.kind !== 'written') return false;
    this.#version = outcome.version;
    return true;
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
