import { Body, Controller, Get, Headers, Inject, Patch, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { etagOf, versionOf } from './if-match.js';
import {
  settingsPatchSchema,
  settingsSchema,
  type SettingsPatch,
  type ShownSettings,
} from './settings.schema.js';
import { SettingsService } from './settings.service.js';

@ApiTags('Settings')
@Controller('api/v1/settings')
export class SettingsController {
  constructor(@Inject(SettingsService) private readonly settings: SettingsService) {}

  @Get()
  @RequireScope('system')
  @ApiOperation({
    summary: 'All settings, with what is in force',
    description: 'Those that are read at start and those that may be changed here. Secrets are `***`.',
  })
  @ApiResponse({ status: 200, standardSchema: settingsSchema })
  list(@Res({ passthrough: true }) reply: FastifyReply): ShownSettings {
    return this.#answer(reply);
  }

  @Patch()
  @RequireScope('system')
  @Audited<SettingsController>({
    action: 'settings.change',
    of: 'appliance',
    state: (settings) => settings.inForce(),
  })
  @ApiOperation({
    summary: 'Change run-time settings',
    description:
      'All of the change or nothing. In force at once in this process, in others within 5 s, and kept over restarts. With `If-Match` only where nobody changed them meanwhile.',
  })
  @ApiHeader({ name: 'If-Match', description: 'The ETag of the settings that the change is meant for.' })
  @ApiResponse({ status: 200, description: 'All settings, changed.', standardSchema: settingsSchema })
  async change(
    @Caller() caller: Principal,
    @Body({ schema: settingsPatchSchema }) patch: SettingsPatch,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownSettings> {
    await this.settings.change(caller, patch, versionOf(ifMatch));
    return this.#answer(reply);
  }

  /** The run-time settings that are in force, by name. */
  inForce(): Readonly<Record<string, unknown>> {
    const rows = this.settings.list().settings.filter(({ kind }) => kind === 'run-time');
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  #answer(reply: FastifyReply): ShownSettings {
    const shown = this.settings.list();
    void reply.header('etag', etagOf(shown.version));
    return shown;
  }
}
