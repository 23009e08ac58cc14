import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Audited } from '../audit/audited.decorator.js';
import { RequireScope } from '../guarding/access-metadata.js';
import {
  backupListSchema,
  backupOrderedSchema,
  backupRunSchema,
  type BackupOrdered,
  type ShownBackupRun,
  type ShownBackups,
} from './backups.schema.js';
import { BackupsService } from './backups.service.js';

/** Backups of the whole appliance. */
@ApiTags('Backups')
@Controller('api/v1/backups')
export class BackupsController {
  constructor(@Inject(BackupsService) private readonly backups: BackupsService) {}

  @Get()
  @RequireScope('system')
  @ApiOperation({
    summary: 'The backups that there are',
    description: 'Read from their place now, with what was ordered in the last days.',
  })
  @ApiResponse({ status: 200, standardSchema: backupListSchema })
  list(): Promise<ShownBackups> {
    return this.backups.list();
  }

  @Post()
  @HttpCode(202)
  @RequireScope('system')
  @Audited<BackupsController>({ action: 'backup.make', of: 'appliance' })
  @ApiOperation({
    summary: 'Back up the whole appliance',
    description:
      'Begins a job that puts what earlier backups don’t have to the place of the setting `backup_dir`, and reads it back. Everything that was acknowledged before is in it. Events go on being accepted; storing them rests while the catalogue and the log are copied.',
  })
  @ApiResponse({ status: 202, description: 'The job was begun.', standardSchema: backupOrderedSchema })
  order(): Promise<BackupOrdered> {
    return this.backups.order();
  }

  @Get(':job')
  @RequireScope('system')
  @ApiOperation({ summary: 'How far a backup is', description: 'Ended ones are kept for 7 days.' })
  @ApiResponse({ status: 200, standardSchema: backupRunSchema })
  run(@Param('job') job: string): Promise<ShownBackupRun> {
    return this.backups.run(job);
  }
}
