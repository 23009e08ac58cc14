import type { Logger } from 'pino';
import type { Catalogue } from '#catalogue';
import { LaneSeats } from './lane-seats.js';
import { Rests } from './rests.js';
import { PROCESS_SEATS, WorkerSeat } from './worker-seat.js';
import { WorkerTurn } from './worker-turn.js';

export interface WorkerSeatsParts {
  readonly catalogue: Catalogue;
  /** The name of this process. */
  readonly process: string;
  /** Another one at each start. */
  readonly run: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Ends the process at once: another one may be writing. */
  readonly end: (reason: string) => void;
}

/** What one of several processes with the role worker has of it: its life, its lanes, and perhaps the turn to change tables. */
export class WorkerSeats {
  readonly run: string;
  readonly lanes: LaneSeats;
  readonly rests: Rests;
  readonly turn: WorkerTurn;
  private readonly own: WorkerSeat;
  private readonly tables: WorkerSeat;
  private readonly ended = new AbortController();

  constructor(parts: WorkerSeatsParts) {
    const { catalogue, run, logger, process } = parts;
    this.run = run;
    this.own = new WorkerSeat({ ...parts, id: `${PROCESS_SEATS}${process}` });
    this.tables = new WorkerSeat(parts);
    this.lanes = new LaneSeats({ catalogue, run });
    const { signal } = this.ended;
    this.rests = new Rests({ catalogue, run, lanes: this.lanes, ended: signal });
    this.turn = new WorkerTurn({ seat: this.tables, ended: signal, logger });
  }

  /** From now on the others know that this process lives. Resolves when they do: before that it may have no lane. */
  join(): Promise<void> {
    return this.own.take();
  }

  /** Nothing is asked of others any more; what rests goes on resting. */
  end(): void {
    this.ended.abort(new Error('The process is stopping.'));
  }

  /** Lets others have the turn to change tables. */
  releaseTurn(): Promise<void> {
    return this.tables.release();
  }

  /** Lets others have the lanes: none of their inserts may be under way. */
  releaseLanes(): Promise<void> {
    return this.own.release();
  }
}
