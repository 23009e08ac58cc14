import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { DISK_LEVELS, METRICS, type FileSystemState } from '#observability';
import { Headroom } from './headroom.js';

/** What an alert watches: how much room is left, and for how long. */
@Injectable()
export class HeadroomMetrics {
  constructor(@Inject(METRICS) registry: Registry, @Inject(Headroom) headroom: Headroom) {
    const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
      void new Gauge({
        name: `alluvium_${name}`,
        help,
        registers: [registry],
        async collect(this: Gauge) {
          this.set(await read());
        },
      });
    };
    const disk = async () => (await headroom.disk()).state;
    gauge(
      'backlog_limit_bytes',
      'Backlog above which events are refused.',
      () => headroom.backlog().limitBytes,
    );
    gauge('backlog_full_in_seconds', `Until the backlog is full at the present rate; ${NEVER}.`, () =>
      orNever(headroom.backlog().secondsUntilFull),
    );
    gauge(
      'disk_total_bytes',
      'Size of the disk of the data directory.',
      async () => (await disk()).totalBytes,
    );
    gauge('disk_free_bytes', 'Free space of the disk.', async () => (await disk()).freeBytes);
    gauge(
      'disk_reserve_bytes',
      'Free space below which events are refused.',
      async () => (await disk()).reserveBytes,
    );
    gauge(
      'disk_full_in_seconds',
      `Until everything is refused for want of space at the present rate, on the disk where that is first; ${NEVER}.`,
      async () =>
        Math.min(
          ...(await headroom.disks())
            .filter(({ state }) => state.takesEvents)
            .map(({ secondsUntilFull }) => orNever(secondsUntilFull)),
        ),
    );
    const perDisk = (name: string, help: string, read: (state: FileSystemState) => number): void => {
      void new Gauge({
        name: `alluvium_disk_${name}`,
        help,
        labelNames: ['places'],
        registers: [registry],
        async collect(this: Gauge) {
          this.reset();
          for (const { state } of await headroom.disks())
            this.set({ places: state.places.join(',') }, read(state));
        },
      });
    };
    perDisk(
      'used_ratio',
      'Used share of the space of each disk that holds data, as df says it.',
      ({ usedPercent }) => usedPercent / 100,
    );
    perDisk(
      'level',
      `How full each disk that holds data is: ${DISK_LEVELS.map((level, index) => `${index} ${level}`).join(', ')}.`,
      ({ level }) => DISK_LEVELS.indexOf(level),
    );
  }
}

const NEVER = '+Inf where it is not shrinking';

function orNever(seconds: number | undefined): number {
  return seconds ?? Infinity;
}
