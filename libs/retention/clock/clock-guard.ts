import type { Catalogue } from '#catalogue';

const COLLECTION = 'retention-clock';
const ID = 'seen';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** What the wall clock may be set by at once. */
const MAX_STEP_MS = HOUR_MS;
/** After a start, how long the clock is watched: a machine that was off sets it within minutes. */
const SETTLING_MS = HOUR_MS;
/** A process that was down for longer waits for an admin. */
const MAX_DOWNTIME_MS = 7 * DAY_MS;
/** How seldom the time that was seen is written down. */
const WRITE_EVERY_MS = 5 * MINUTE_MS;

/**
 * Whether retention may go by the wall clock. `settling`: the process was down for long, and the clock is watched for an
 * hour. `doubted`: it can't be told from a clock that was set wrong; nothing is deleted until an admin says that it is
 * right, or it is again.
 */
export type ClockState = 'trusted' | 'settling' | 'doubted';

export interface ClockReading {
  readonly state: ClockState;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Why it isn't trusted, for people. */
  readonly detail?: string;
}

export interface ClockGuardParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write'>;
  /** Milliseconds since the epoch. Default: the machine's clock. */
  readonly wall?: () => number;
  /** Milliseconds that only rise. Default: the machine's. */
  readonly monotonic?: () => number;
}

/** What is remembered over restarts. */
interface Seen {
  /** The newest time that was trusted. */
  readonly wall: number;
  /** The clock was doubted when this was written. */
  readonly doubted: boolean;
}

/** A moment at which both clocks were read. */
interface Base {
  readonly wall: number;
  readonly monotonic: number;
  /** This process has trusted the clock before, or another one doubted it: a difference is no downtime. */
  readonly isStrict: boolean;
}

/**
 * Tells a clock that goes from one that was set: only a clock that went on as the monotonic one did is trusted. Deletion is
 * by age, so a clock that is set ahead would delete too early.
 */
export class ClockGuard {
  readonly #catalogue: ClockGuardParts['catalogue'];
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  #base: Base | undefined;
  /** Nothing was remembered when this process began. */
  #isFirst = false;
  #steady: { readonly ahead: number; readonly since: number } | undefined;
  #written: Seen | undefined;

  constructor({ catalogue, wall = Date.now, monotonic = () => performance.now() }: ClockGuardParts) {
    this.#catalogue = catalogue;
    this.#wall = wall;
    this.#monotonic = monotonic;
  }

  /** Looks at the clocks now. */
  async look(): Promise<ClockReading> {
    this.#base ??= await this.#firstBase();
    const now = this.#wall();
    const ahead = now - this.#base.wall - (this.#monotonic() - this.#base.monotonic);
    if (Math.abs(ahead) <= MAX_STEP_MS) return this.#trust(now);
    const detail = this.#doubt(ahead, this.#base);
    if (detail === undefined) return this.#settle(now, ahead);
    this.#steady = undefined;
    await this.#write({ wall: this.#base.wall, doubted: true });
    return { state: 'doubted', now, detail };
  }

  /** An admin says that the clock is right. */
  async accept(): Promise<ClockReading> {
    return this.#trust(this.#wall());
  }

  /** Why the clock is doubted that is so much ahead; undefined where the process may just have been down. */
  #doubt(ahead: number, { wall, isStrict }: Base): string | undefined {
    const seen = new Date(wall).toISOString();
    if (ahead < 0) return `The clock is ${hours(-ahead)} behind the time that was seen last, ${seen}.`;
    if (isStrict)
      return `The clock was set ${hours(ahead)} ahead, or the machine slept; it was right at ${seen}.`;
    if (ahead > MAX_DOWNTIME_MS)
      return `The clock is ${hours(ahead)} ahead of the time that was seen last, ${seen}: that long a downtime can't be told from a wrong clock.`;
    return undefined;
  }

  async #settle(now: number, ahead: number): Promise<ClockReading> {
    const monotonic = this.#monotonic();
    if (!this.#steady || Math.abs(ahead - this.#steady.ahead) > MAX_STEP_MS)
      this.#steady = { ahead, since: monotonic };
    if (monotonic - this.#steady.since >= SETTLING_MS) return this.#trust(now);
    const why = this.#isFirst ? 'No time was seen before' : `The process was down for ${hours(ahead)}`;
    const detail = `${why}: the clock is watched for an hour.`;
    return { state: 'settling', now, detail };
  }

  async #trust(now: number): Promise<ClockReading> {
    this.#base = { wall: now, monotonic: this.#monotonic(), isStrict: true };
    this.#steady = undefined;
    const { doubted, wall } = this.#written ?? { doubted: true, wall: 0 };
    if (doubted || Math.abs(now - wall) >= WRITE_EVERY_MS) await this.#write({ wall: now, doubted: false });
    return { state: 'trusted', now };
  }

  /** Where nothing was seen yet, the clock is watched as after a downtime. */
  async #firstBase(): Promise<Base> {
    const seen = (await this.#catalogue.read<Seen>(COLLECTION, ID))?.value;
    this.#isFirst = seen === undefined;
    const wall = seen?.wall ?? this.#wall() - 2 * MAX_STEP_MS;
    return { wall, monotonic: this.#monotonic(), isStrict: seen?.doubted ?? false };
  }

  async #write(seen: Seen): Promise<void> {
    if (this.#written?.doubted && seen.doubted) return;
    await this.#catalogue.write([{ collection: COLLECTION, id: ID, value: seen }]);
    this.#written = seen;
  }
}

function hours(ms: number): string {
  return `${Math.round(ms / HOUR_MS)} h`;
}
