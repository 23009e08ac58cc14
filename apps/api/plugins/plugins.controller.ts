import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { PluginCatalog, type PluginEntry } from '#plugin-host';
import { Audited } from '../audit/audited.decorator.js';
import { byName } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { pluginListSchema, type PluginList, type ShownPlugin } from './plugins.schema.js';

@ApiTags('Plugins')
@Controller('api/v1/plugins')
export class PluginsController {
  constructor(@Inject(PluginCatalog) private readonly catalog: PluginCatalog) {}

  @Get()
  @RequireScope('system')
  @ApiOperation({
    summary: 'All plugins, with what is wrong with them',
    description:
      'Built-in ones and those of the directory `plugins_dir`. Nothing that is asked over HTTP lets a plugin run: that says the list in its directory, which `alluvium plugin trust` writes.',
  })
  @ApiResponse({ status: 200, standardSchema: pluginListSchema })
  async list(): Promise<PluginList> {
    const plugins = (await this.catalog.entries()).map(shown);
    const problems = this.catalog.problems.map((problem) => ({ ...problem }));
    return { plugins_dir: this.catalog.folder ?? null, problems, plugins };
  }

  @Post('reload')
  @HttpCode(200)
  @RequireScope('system')
  @Audited<PluginsController>({
    action: 'plugin.reload',
    of: 'appliance',
    state: async (plugins) => byName((await plugins.list()).plugins, 'version', 'sha256', 'state'),
  })
  @ApiOperation({
    summary: 'Look at the outside plugins again',
    description:
      'New ones and new versions that are on the list are loaded, those that are gone are taken away, and suspended ones get another chance. Blocks under way end with the version that they began with. A new version that can’t be loaded leaves the old one running.',
  })
  @ApiResponse({
    status: 200,
    description: 'All plugins, as they are now.',
    standardSchema: pluginListSchema,
  })
  async reload(): Promise<PluginList> {
    await this.catalog.reload();
    return this.list();
  }
}

function shown(entry: PluginEntry): ShownPlugin {
  const { kind = null, version = null, sha256 = null, problems } = entry;
  return { ...entry, kind, version, sha256, problems: problems.map((problem) => ({ ...problem })) };
}
