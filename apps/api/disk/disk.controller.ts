import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isAtLeast } from '#observability';
import { RequireScope } from '../guarding/access-metadata.js';
import { Headroom, type DiskRoom } from '../headroom/headroom.js';
import { DiskParts } from './disk-parts.js';
import { diskSchema, type ShownDisk } from './disk.schema.js';

@ApiTags('Disk')
@Controller('api/v1/disk')
export class DiskController {
  constructor(
    @Inject(DiskParts) private readonly parts: DiskParts,
    @Inject(Headroom) private readonly headroom: Headroom,
  ) {}

  @Get()
  @RequireScope(['metrics', 'system'])
  @ApiOperation({
    summary: 'What the data takes of the disk, and how long the disk lasts',
    description:
      'The data directory by part, free space and reserve of each disk that holds data, what is refused, and when everything would be.',
  })
  @ApiResponse({ status: 200, standardSchema: diskSchema })
  async read(): Promise<ShownDisk> {
    const [{ parts, measuredAt }, rooms] = await Promise.all([this.parts.measure(), this.headroom.disks()]);
    const [room] = rooms as [DiskRoom];
    const { totalBytes, freeBytes, reserveBytes } = room.state;
    const worst = rooms.map(({ state }) => state.level).reduce((a, b) => (isAtLeast(a, b) ? a : b));
    return {
      path: this.parts.path,
      parts: [...parts],
      measured_at: new Date(measuredAt).toISOString(),
      total_bytes: totalBytes,
      free_bytes: freeBytes,
      reserve_bytes: reserveBytes,
      low: worst === 'refusing',
      level: worst,
      growth_bytes_per_day: room.growthPerDay === undefined ? null : Math.round(room.growthPerDay),
      growth_observed_seconds: room.observedSeconds,
      seconds_until_full: room.secondsUntilFull ?? null,
      hours_until_full: room.hoursUntilFull ?? null,
      file_systems: rooms.map(shownFileSystem),
    };
  }
}

function shownFileSystem({ state, ...room }: DiskRoom): ShownDisk['file_systems'][number] {
  const { places, directory, level, error } = state;
  return {
    ...{ places: [...places], directory, level },
    used_percent: Math.round(state.usedPercent * 10) / 10,
    total_bytes: state.totalBytes,
    free_bytes: state.freeBytes,
    reserve_bytes: state.reserveBytes,
    seconds_until_full: room.secondsUntilFull ?? null,
    hours_until_full: room.hoursUntilFull ?? null,
    ...(error !== undefined && { error }),
  };
}
