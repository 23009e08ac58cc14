import type { Logger } from 'pino';
import { pause } from '../writers/pause.js';
import type { WorkerSeat } from './worker-seat.js';

const AGAIN_MS = 1_000;

/** What is done before this process changes tables; each is tried until it passes. */
export type TurnStep = () => Promise<void>;

export interface WorkerTurnParts {
  readonly seat: Pick<WorkerSeat, 'take'>;
  readonly ended: AbortSignal;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * The turn to change tables and to run jobs, which one of several workers has: the others store events beside it. Whoever gets
 * it ends first what the one before left behind.
 */
export class WorkerTurn {
  readonly #steps: TurnStep[] = [];
  #isOurs = false;
  #hasCome: () => void = () => undefined;
  /** Resolves when it has come and nothing is left behind. */
  readonly come = new Promise<void>((resolve) => (this.#hasCome = resolve));

  constructor(private readonly parts: WorkerTurnParts) {}

  /** Whether this process may change tables that are there. */
  readonly isOurs = (): boolean => this.#isOurs;

  /** Adds a step, in order. */
  readonly before = (step: TurnStep): void => void this.#steps.push(step);

  /** Waits for the seat, which may take for ever. */
  async begin(): Promise<void> {
    const { seat, logger } = this.parts;
    await seat.take(() =>
      logger.info('another process runs the jobs of the role worker: this one stores events beside it'),
    );
    this.#isOurs = true;
    for (const step of this.#steps) await this.#untilDone(step);
    if (this.parts.ended.aborted) return;
    logger.info('this process runs the jobs of the role worker');
    this.#hasCome();
  }

  async #untilDone(step: TurnStep): Promise<void> {
    while (!this.parts.ended.aborted)
      try {
        return await step();
      } catch (error) {
        this.parts.logger.warn({ err: error }, 'what an earlier worker left behind is looked after again');
        await pause(AGAIN_MS, this.parts.ended).catch(() => undefined);
      }
  }
}
