import type { Logger } from 'pino';
import type { Catalogue } from '#catalogue';

const PLACE = { collection: 'seats', id: 'worker' } as const;
const RENEW_MS = 5_000;
/** Who could not renew for so long ends: before anybody may take the seat. */
const LAPSE_MS = 20_000;
/** A seat that nobody renewed for so long is free. */
const LEASE_MS = 30_000;
const LOOK_MS = 1_000;

interface Seat {
  readonly holder: string;
  readonly renewals: number;
}

export interface WorkerSeatParts {
  readonly catalogue: Catalogue;
  /** The name of this process; what it held when it was killed it has again at once. */
  readonly process: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Ends the process at once: another one may be writing. */
  readonly end: (reason: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * The right to write events, which one process has at a time; others with the role stand by. By the clock of each process
 * alone: a holder that is frozen finds, before it does anything else, that its time is over.
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

  constructor(private readonly parts: WorkerSeatParts) {
    this.now = parts.now ?? (() => performance.now());
  }

  /**
   * Resolves when this process has the seat, which may take for ever; never, once it was released.
   *
   * @param standsBy called when it is found that another process has it
   */
  async take(standsBy: () => void = () => undefined): Promise<void> {
    let seen = { version: -1, since: this.now() };
    for (let isTold = false; ; isTold = true) {
      if (this.stopped) return new Promise(() => undefined);
      const found = await this.look();
      if (found !== undefined && found !== seen.version) seen = { version: found, since: this.now() };
      const isFree = found === 0 || (found !== undefined && this.now() - seen.since > LEASE_MS);
      if (isFree && found !== undefined && (await this.sit(found))) return;
      if (!isTold) {
        standsBy();
        this.parts.logger.info(
          'another process has the role worker: this one stands by, and takes over when that is gone',
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Lets another process have it. Idempotent. */
  async release(): Promise<void> {
    this.stopped = true;
    this.timers.forEach((timer) => clearInterval(timer));
    if (this.version === 0) return;
    const change = { ...PLACE, value: undefined, ifVersion: this.version };
    this.version = 0;
    // Where the catalogue is out it lapses.
    await this.parts.catalogue.write([change]).catch(() => undefined);
  }

  /** The version of the seat; 0 where it may be taken; undefined where that isn't known. */
  private async look(): Promise<number | undefined> {
    try {
      const kept = await this.parts.catalogue.read<Seat>(PLACE.collection, PLACE.id);
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
    this.parts.logger.info('this process has the role worker');
    this.isTaken();
    return true;
  }

  private async renew(): Promise<void> {
    const { version } = this;
    try {
      if ((await this.write(version)) || this.stopped) return;
      const kept = await this.parts.catalogue.read<Seat>(PLACE.collection, PLACE.id);
      if (kept?.value.holder === this.parts.process) this.version = kept.version;
      else this.parts.end('another process has taken over the role worker');
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'the seat of the worker is not renewed');
    }
  }

  private async write(ifVersion: number): Promise<boolean> {
    const asked = this.now();
    const value: Seat = { holder: this.parts.process, renewals: (this.renewals += 1) };
    const [outcome] = await this.parts.catalogue.write([{ ...PLACE, value, ifVersion }]).catch(() => []);
    if (outcome?.kind !== 'written') return false;
    this.version = outcome.version;
    this.renewedAt = asked;
    return true;
  }

  private checkLapse(): void {
    if (this.now() - this.renewedAt > LAPSE_MS)
      this.parts.end('the seat of the worker could not be renewed in time');
  }
}
