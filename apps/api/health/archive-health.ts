import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SETTINGS, type Settings } from '#app-config';
import { ARCHIVE_STORAGE, type ArchiveStorage } from '#archive-storage';
import { HealthState, type HealthReport } from '#observability';

/** A store that is silent is told before the probe's own patience ends. */
const PATIENCE_MS = 1_000;

/** Says whether the place of archives can be used, where one is set. While it is out copies wait; events are accepted. */
@Injectable()
export class ArchiveHealth implements OnModuleInit {
  constructor(
    @Inject(HealthState) private readonly health: HealthState,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(ARCHIVE_STORAGE) private readonly storage: Pick<ArchiveStorage, 'check'>,
  ) {}

  onModuleInit(): void {
    const { s3Bucket, archiveDir } = this.settings.boot;
    if (s3Bucket !== undefined || archiveDir !== undefined)
      this.health.register('archive', () => this.#report());
  }

  async #report(): Promise<HealthReport> {
    try {
      const late = sleep(PATIENCE_MS, `No answer within ${PATIENCE_MS} ms.`, { ref: false });
      const error = await Promise.race([this.storage.check(), late]);
      return error === undefined ? { status: 'up' } : { status: 'degraded', detail: { error } };
    } catch (error) {
      const detail = { error: error instanceof Error ? error.message : String(error) };
      return { status: 'degraded', detail };
    }
  }
}
