import type { Logger } from 'pino';
import type { Catalogue } from '#catalogue';

export const SEATS = 'seats';
const RENEW_MS = 5_000;
/** Who could not renew for so long ends: before anybody may take the seat. */
const LAPSE_MS = 20_000;
/** A seat that nobody renewed for so long is free. */
export const LEASE_MS = 30_000;
const LOOK_MS = 1_000;

interface Seat {
  readonly holder: string;
  /** Of the process: another one each time that it starts. */
  readonly run?: string;
  readonly renewals: number;
}

/** What the seat of a process is called. */
export const PROCESS_SEATS = 'process/';

export interface WorkerSeatParts {
  /** Default: the one seat `worker`, whose holder changes tables and runs jobs. */
  readonly id?: string;
  readonly catalogue: Catalogue;
  /** The name of this process; what it held when it was killed it has again at once. */
  readonly process: string;
  readonly run?: string;
  readonly logger: Pick<Logger, 'warn'>;
  /** Ends the process at once: another one may be writing. */
  readonly end: (reason: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * The right to do what one process at a time may do. By the clock of each process alone: a holder that is frozen finds, before
 * it does anything else, that its time is over.
 */
export class WorkerSeat {
  private version = 0;
  private renewals = 0;
  private renewedAt = 0;
  private timers: NodeJS.Timeout[] = [];
  private stopped = false;
  private isTaken: () => void = () => undefined;
  /** Resolves when this process has the seat. */
  readonly taken = new Promise<void>((resolve) => (this.isTaken = resolve));
  private readonly now: () => number;
  private readonly place: { readonly collection: string; readonly id: string };

  constructor(private readonly parts: WorkerSeatParts) {
    this.place = { collection: SEATS, id: parts.id ?? 'worker' };
    this.now = parts.now ?? (() => performance.now());
  }

  /** Whether this process has it. */
  get isHeld(): boolean {
    return this.version > 0 && this.timers.length > 0;
  }

  /**
   * Resolves when this process has the seat, which may take for ever; never, once it was released.
   *
   * @param waits called when it is found that another process has it
   */
  async take(waits: () => void = () => undefined): Promise<void> {
    let seen = { version: -1, since: this.now() };
    for (let isTold = false; ; isTold = true) {
      if (this.stopped) return new Promise(() => undefined);
      const found = await this.look();
      if (found !== undefined && found !== seen.version) seen = { version: found, since: this.now() };
      const isFree = found === 0 || (found !== undefined && this.now() - seen.since > LEASE_MS);
      if (isFree && found !== undefined && (await this.sit(found))) return;
      if (!isTold) waits();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Lets another process have it. Idempotent. */
  async release(): Promise<void> {
    this.stopped = true;
    this.timers.forEach((timer) => clearInterval(timer));
    if (this.version === 0) return;
    const change = { ...this.place, value: undefined, ifVersion: this.version };
    this.version = 0;
    // Where the catalogue is out it lapses.
    await this.parts.catalogue.write([change]).catch(() => undefined);
  }

  /** The version of the seat; 0 where it may be taken; undefined where that isn't known. */
  private async look(): Promise<number | undefined> {
    try {
      const kept = await this.parts.catalogue.read<Seat>(SEATS, this.place.id);
      if (kept?.value.holder !== this.parts.process) return kept?.version ?? 0;
      this.version = kept.version;
      return 0;
    } catch {
      return undefined;
    }
  }

  private async sit(version: number): Promise<boolean> {
    if (!(await this.write(version === 0 ? this.version : version))) return false;
    this.timers = [
      setInterval(() => this.checkLapse(), LOOK_MS),
      setInterval(() => void this.renew(), RENEW_MS),
    ];
    this.timers.forEach((timer) => timer.unref());
    this.isTaken();
    return true;
  }

  private async renew(): Promise<void> {
    const { version } = this;
    try {
      if ((await this.write(version)) || this.stopped) return;
      const kept = await this.parts.catalogue.read<Seat>(SEATS, this.place.id);
      if (kept?.value.holder === this.parts.process) this.version = kept.version;
      else this.parts.end(`another process has taken over the seat ${this.place.id}`);
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'a seat of the worker is not renewed');
    }
  }

  private async write(ifVersion: number): Promise<boolean> {
    const asked = this.now();
    const { process: holder, run } = this.parts;
    const value: Seat = { holder, renewals: (this.renewals += 1), ...(run !== undefined && { run }) };
    const [outcome] = await this.parts.catalogue.write([{ ...this.place, value, ifVersion }]).catch(() => []);
    if (outcome?.kind !== 'written') return false;
    this.version = outcome.version;
    this.renewedAt = asked;
    return true;
  }

  private checkLapse(): void {
    if (this.now() - this.renewedAt > LAPSE_MS)
      this.parts.end(`the seat ${this.place.id} could not be renewed in time`);
  }
}
