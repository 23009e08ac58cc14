import { AlluviumError, type BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { MoveOrder, MoveReport } from '../quarantine/move-order.js';
import type { QuarantineMover } from '../quarantine/quarantine-mover.js';
import type { BatchScope } from './batch-writer.js';

interface WaitingOrder {
  readonly order: MoveOrder;
  resolve(report: MoveReport): void;
  reject(error: unknown): void;
}

export interface MoveQueueParts {
  readonly mover: Pick<QuarantineMover, 'run' | 'settle'>;
  /** Whether the bus still has any of these blocks. */
  readonly isPending: (blocks: readonly BlockId[]) => boolean;
}

/** Orders to a stream's quarantine, which its writer carries out between two batches, one at a time. */
export class MoveQueue {
  readonly #orders: WaitingOrder[] = [];

  constructor(
    private stream: StreamSpec,
    private readonly scope: BatchScope,
    private readonly parts: MoveQueueParts,
  ) {}

  /** From the next order on, the stream is this. */
  follow(stream: StreamSpec): void {
    this.stream = stream;
  }

  /** Resolves when the order is carried out and accounted for. */
  add(order: MoveOrder): Promise<MoveReport> {
    return new Promise((resolve, reject) => this.#orders.push({ order, resolve, reject }));
  }

  get isEmpty(): boolean {
    return this.#orders.length === 0 && !this.isUnfinished;
  }

  /** Whether a move is to be settled before anything else. */
  get isUnfinished(): boolean {
    const { state } = this.scope.state;
    return state?.phase === 'BEFORE' && state.move !== undefined;
  }

  /** The last batch's blocks must be off the bus: the state that tells them from new ones is about to change. */
  get isReady(): boolean {
    if (this.isUnfinished) return true;
    const { blocks = [] } = this.scope.state.state ?? {};
    return this.#orders.length > 0 && !this.parts.isPending(blocks);
  }

  /** Settles what a process left, or an order that failed. */
  async settle(): Promise<void> {
    if (this.isUnfinished) await this.parts.mover.settle(this.stream, this.scope);
  }

  /** Carries the next order out. What fails is told to whoever gave it; what it left is settled at once. */
  async runNext(): Promise<void> {
    if (!this.isReady) return;
    const next = this.#orders.shift();
    if (!next) return;
    try {
      next.resolve(await this.parts.mover.run(next.order, this.stream, this.scope));
    } catch (error) {
      next.reject(error);
      this.scope.signal.throwIfAborted();
      await this.settle();
    }
  }

  /** Nothing more is carried out by this writer. */
  end(): void {
    const error = new AlluviumError('The writer of the stream has ended; ask again.', {
      code: 'writer_ended',
      retryable: true,
    });
    for (const { reject } of this.#orders.splice(0)) reject(error);
  }
}
