import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { Catalogue } from '#catalogue';
import { lastTime, type DailyTime } from '#retention';
import { BackupError } from './backup.errors.js';
import type { BackupOrders } from './backup-orders.js';
import type { BackupRecord } from './backup-record.js';

const COLLECTION = 'backups';
const ID = 'daily';

export interface BackupWatchParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write'>;
  readonly orders: Pick<BackupOrders, 'order'>;
  readonly record: Pick<BackupRecord, 'last'>;
  /** Whether backups go anywhere. */
  readonly isSet: boolean;
  /** When one is made each day; undefined: never. */
  readonly daily: () => DailyTime | undefined;
  readonly metrics: Registry;
  readonly logger: Pick<Logger, 'warn'>;
  readonly now?: () => number;
}

/**
 * What is looked at every minute: whether the daily backup is due, and when the last one was. A time that passed while the
 * process was down is caught up on; the first look waits for the next time.
 */
export class BackupWatch {
  readonly #now: () => number;
  readonly #begunAt: number;
  readonly #gauge: Gauge | undefined;

  constructor(private readonly parts: BackupWatchParts) {
    this.#now = parts.now ?? Date.now;
    this.#begunAt = this.#now();
    if (!parts.isSet) return;
    this.#gauge = new Gauge({
      name: 'alluvium_backup_last_success_seconds',
      help: 'When the last backup that was made began, or this process where there was none: seconds since the epoch.',
      registers: [parts.metrics],
    });
  }

  async run(): Promise<void> {
    if (!this.#gauge) return;
    await this.#orderIfDue();
    const last = await this.parts.record.last();
    this.#gauge.set((last?.began_at ?? this.#begunAt) / 1_000);
  }

  async #orderIfDue(): Promise<void> {
    const { catalogue, orders, logger } = this.parts;
    const daily = this.parts.daily();
    if (!daily) return;
    const time = lastTime(daily, this.#now());
    const ordered = await catalogue.read<{ readonly time: number }>(COLLECTION, ID);
    if (ordered && ordered.value.time >= time) return;
    if (ordered)
      await orders.order().catch((error: unknown) => {
        if (!(error instanceof BackupError)) throw error;
        logger.warn({ err: error }, 'the daily backup is left out');
      });
    await catalogue.write([{ collection: COLLECTION, id: ID, value: { time } }]);
  }
}
