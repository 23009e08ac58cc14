import type { Logger } from 'pino';
import { emptyTrashNow } from '#archived-units';
import type { Catalogue } from '#catalogue';
import type { JobQueue } from '#job-queue';
import type { FileSystemState } from '#observability';
import type { ClockReading } from '../clock/clock-guard.js';
import type { TenantRuns } from './tenant-runs.js';

const COLLECTION = 'retention-schedule';
const ID = 'emergency';
/** Between two emergency runs: the space of one is seen before the next. */
const PAUSE_MS = 3_600_000;

/** The last emergency run: milliseconds since the epoch. */
interface Begun {
  readonly time: number;
}

export interface EmergencyRunParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write'>;
  readonly tenants: Pick<TenantRuns, 'begin'>;
  readonly disks: () => Promise<readonly Pick<FileSystemState, 'places' | 'usedPercent' | 'error'>[]>;
  /** From which used share of a disk on, in percent; undefined: never. */
  readonly at: () => number | undefined;
  readonly queue: Pick<JobQueue, 'add'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Applies policies at once while a disk is filling, in place of the time of the daily run. Only what policies no longer keep goes:
 * the plan is the same, and so are holds, the clock and the first plan that a tenant needs. What was deleted out of archives
 * and could be brought back goes for good.
 */
export class EmergencyRun {
  constructor(private readonly parts: EmergencyRunParts) {}

  async runIfDue({ now, state }: ClockReading): Promise<void> {
    const { catalogue, tenants, queue, logger } = this.parts;
    const at = this.parts.at();
    if (at === undefined || state !== 'trusted') return;
    // One that can't be asked may be empty.
    const disks = (await this.parts.disks()).filter(({ error }) => error === undefined);
    const [fullest] = disks.toSorted((a, b) => b.usedPercent - a.usedPercent);
    if (!fullest || fullest.usedPercent < at) return;
    const begun = await catalogue.read<Begun>(COLLECTION, ID);
    if (begun && Math.abs(now - begun.value.time) < PAUSE_MS) return;
    const facts = {
      places: fullest.places.join(','),
      used_percent: Math.round(fullest.usedPercent * 10) / 10,
    };
    logger.warn(facts, 'the disk is filling: what policies no longer keep is deleted now');
    await tenants.begin(now, { by: { kind: 'emergency', ...facts } });
    await queue.add(emptyTrashNow());
    await catalogue.write([{ collection: COLLECTION, id: ID, value: { time: now } satisfies Begun }]);
  }
}
