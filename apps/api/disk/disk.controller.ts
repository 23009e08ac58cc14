import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../guarding/access-metadata.js';
import { Headroom } from '../headroom/headroom.js';
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
    description: 'The data directory by part, free space and reserve, and when events would be refused.',
  })
  @ApiResponse({ status: 200, standardSchema: diskSchema })
  async read(): Promise<ShownDisk> {
    const [{ parts, measuredAt }, room] = await Promise.all([this.parts.measure(), this.headroom.disk()]);
    const { totalBytes, freeBytes, reserveBytes, low } = room.state;
    return {
      path: this.parts.path,
      parts: [...parts],
      measured_at: new Date(measuredAt).toISOString(),
      total_bytes: totalBytes,
      free_bytes: freeBytes,
      reserve_bytes: reserveBytes,
      low,
      growth_bytes_per_day: room.growthPerDay === undefined ? null : Math.round(room.growthPerDay),
      growth_observed_seconds: room.observedSeconds,
      seconds_until_full: room.secondsUntilFull ?? null,
    };
  }
}
