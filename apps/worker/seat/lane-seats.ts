import type { Catalogue } from '#catalogue';
import type { LaneHolding } from '#event-bus';
import { LEASE_MS, PROCESS_SEATS, SEATS } from './worker-seat.js';

const LANES = 'lane/';
const LOOK_MS = 250;
const AGAIN_MS = 1_000;

/** A lane's owner: a run of a process, which is over when that ends; empty where nobody has it. Never deleted: versions rise. */
interface LaneSeat {
  readonly run: string;
}

/** A lane, and the run that may write what comes over it. */
export interface HeldLane {
  readonly lane: string;
  readonly run: string;
}

export interface LaneSeatsParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write' | 'scan'>;
  /** Of this process, as its seat has it. */
  readonly run: string;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * The right to write what comes over a lane of the event bus. It goes to another process when the one that had it says that
 * nothing of it is at work any more, or when that process is gone: its seat is another run's, or nobody renews it, so that it has
 * ended itself by now.
 */
export class LaneSeats implements LaneHolding {
  /** When each seat of a process was seen to be renewed. */
  readonly #seen = new Map<string, { readonly version: number; readonly since: number }>();
  /** What is to be given back, by lane; another word about the lane takes its place. */
  readonly #words = new Map<number, symbol>();
  readonly #now: () => number;

  constructor(private readonly parts: LaneSeatsParts) {
    this.#now = parts.now ?? (() => performance.now());
  }

  async take(lane: number, signal: AbortSignal): Promise<boolean> {
    this.#words.delete(lane);
    while (!signal.aborted) {
      if (await this.#tryTake(`${LANES}${lane}`).catch(() => false)) return true;
      await pause(LOOK_MS);
    }
    return false;
  }

  release(lane: number): void {
    const word = Symbol();
    this.#words.set(lane, word);
    void this.#giveBack(lane, word);
  }

  /** The lanes that were ever taken, and whose they are; of those that nobody has the run is empty. @throws CatalogueError */
  async held(): Promise<readonly HeldLane[]> {
    const kept = await this.parts.catalogue.scan<LaneSeat>(SEATS, { prefix: LANES });
    return kept.map(({ id, value }) => ({ lane: id.slice(LANES.length), run: value.run }));
  }

  async #tryTake(id: string): Promise<boolean> {
    const { catalogue, run } = this.parts;
    const kept = await catalogue.read<LaneSeat>(SEATS, id);
    if (kept && !['', run].includes(kept.value.run) && !(await this.#isGone(kept.value.run))) return false;
    const change = { collection: SEATS, id, value: { run }, ifVersion: kept?.version ?? 0 };
    const [outcome] = await catalogue.write([change]);
    return outcome?.kind === 'written';
  }

  async #isGone(run: string): Promise<boolean> {
    const seats = await this.parts.catalogue.scan<{ run?: string }>(SEATS, { prefix: PROCESS_SEATS });
    const seat = seats.find(({ value }) => value.run === run);
    if (!seat) return true;
    const seen = this.#seen.get(run);
    if (seen?.version === seat.version) return this.#now() - seen.since > LEASE_MS;
    this.#seen.set(run, { version: seat.version, since: this.#now() });
    return false;
  }

  /** As long as it takes: the others wait for it while this process lives. */
  async #giveBack(lane: number, word: symbol): Promise<void> {
    const { catalogue, run } = this.parts;
    while (this.#words.get(lane) === word)
      try {
        const kept = await catalogue.read<LaneSeat>(SEATS, `${LANES}${lane}`);
        if (this.#words.get(lane) !== word || kept?.value.run !== run) return;
        const change = {
          collection: SEATS,
          id: `${LANES}${lane}`,
          value: { run: '' },
          ifVersion: kept.version,
        };
        const [outcome] = await catalogue.write([change]);
        if (outcome?.kind === 'written') return;
      } catch {
        await pause(AGAIN_MS);
      }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
