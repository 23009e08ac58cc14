import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { DiskGuard, isAtLeast, type DiskLook, type FileSystemState } from '#observability';
import { StreamClasses, type RetentionClass } from '#retention';
import { Problem } from '../problems/problem.js';

/** What is to be written. */
export interface Arrival {
  readonly tenant: string;
  /** That its events go to. */
  readonly streams: readonly string[];
  readonly bytes: number;
}

/** Decides whether the disks have room for events: what matters least is refused first, everything before the reserve is touched. */
@Injectable()
export class DiskAdmission {
  #seen: DiskLook | undefined;
  /** Bytes written since then, which the look can't have seen. */
  #writtenSince = 0;

  constructor(
    @Inject(DiskGuard) private readonly guard: Pick<DiskGuard, 'look'>,
    @Inject(StreamClasses) private readonly classes: Pick<StreamClasses, 'classOf'>,
    @Inject(RunTimeSettings) private readonly settings: Pick<RunTimeSettings, 'current'>,
  ) {}

  /**
   * @param writing bytes that are being written
   * @throws Problem `disk_reserve`, `disk_filling`; CatalogueError where the classes of streams can't be read
   */
  async check(arrival: Arrival, writing: number): Promise<void> {
    const look = await this.guard.look();
    if (look !== this.#seen) [this.#seen, this.#writtenSince] = [look, 0];
    const ahead = this.#writtenSince + writing + arrival.bytes;
    const full = look.fileSystems.find((disk) => disk.low || touchesReserve(disk, ahead));
    if (full) throw refusesAll(full);
    if (isAtLeast(look.worst.level, 'low_refused')) await this.#checkClasses(arrival, look.worst);
  }

  /** Bytes are on the disk now. */
  wrote(bytes: number): void {
    this.#writtenSince += bytes;
  }

  async #checkClasses({ tenant, streams }: Arrival, disk: FileSystemState): Promise<void> {
    const refused: readonly RetentionClass[] = disk.level === 'low_refused' ? ['low'] : ['low', 'normal'];
    for (const stream of streams) {
      const found = await this.classes.classOf(tenant, stream);
      if (refused.includes(found)) throw this.#refusesClass(found, stream, disk);
    }
  }

  #refusesClass(found: RetentionClass, stream: string, disk: FileSystemState): Problem {
    const { diskRefuseLowAt, diskRefuseNormalAt, diskResumeMargin } = this.settings.current;
    const from = found === 'low' ? diskRefuseLowAt : diskRefuseNormalAt;
    const detail = `The disk of ${disk.places.join(', ')} is ${disk.usedPercent.toFixed(1)} % used. Streams of the class ${found} are refused from ${from} % until it is below ${from - diskResumeMargin} %; "${stream}" is one.`;
    return new Problem('disk_filling', detail, { retryAfter: RETRY_AFTER });
  }
}

/** Seconds: a disk is not freed at once. */
const RETRY_AFTER = 30;

/** Without a reserve, the bus itself says what it has no room for. */
function touchesReserve({ takesEvents, freeBytes, reserveBytes }: FileSystemState, bytes: number): boolean {
  return takesEvents && reserveBytes > 0 && freeBytes - bytes < reserveBytes;
}

function refusesAll({ places, usedPercent, error }: FileSystemState): Problem {
  const why = error === undefined ? `it is ${usedPercent.toFixed(1)} % used` : error;
  return new Problem(
    'disk_reserve',
    `The disk of ${places.join(', ')} has fallen to its reserve, or to the share set by disk_refuse_at: ${why}.`,
  );
}
