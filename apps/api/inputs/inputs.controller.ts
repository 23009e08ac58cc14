import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { inputName } from '#plugin-kit';
import { Audited } from '../audit/audited.decorator.js';
import { pick, textOf } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { shownKind } from '../plugins/shown-kind.js';
import { InputManager } from './input-manager.js';
import {
  inputListSchema,
  inputPatchSchema,
  inputSchema,
  newInputSchema,
  type InputPatchRequest,
  type NewInputRequest,
  type ShownInput,
  type ShownInputs,
} from './inputs.schema.js';
import { shownInput, summaryOf } from './shown-input.js';

/** Inputs listen for all tenants, and show what came: only `system` may see and change them. */
@ApiTags('Inputs')
@Controller('api/v1/inputs')
export class InputsController {
  constructor(
    @Inject(InputManager) private readonly inputs: InputManager,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
  ) {}

  @Get()
  @RequireScope('system')
  @ApiOperation({ summary: 'The inputs, and what kinds there are', description: 'By name.' })
  @ApiResponse({ status: 200, standardSchema: inputListSchema })
  list(): ShownInputs {
    return {
      inputs: this.inputs.list().map(summaryOf),
      kinds: [...this.plugins.inputs.values()].map(({ manifest, input }) =>
        shownKind(inputName(manifest), manifest, input.options),
      ),
    };
  }

  @Get(':input')
  @RequireScope('system')
  @ApiOperation({
    summary: 'One input',
    description: 'With its senders, those that were refused, and the newest five messages as they came.',
  })
  @ApiResponse({ status: 200, standardSchema: inputSchema })
  find(@Param('input') name: string): ShownInput {
    return shownInput(this.inputs.find(name));
  }

  @Post()
  @RequireScope('system')
  @Audited<InputsController>({
    action: 'input.create',
    of: 'appliance',
    object: ({ body }) => textOf(body, 'name'),
    made: (input) => pick(input as object, 'kind', 'enabled', 'options', 'sources'),
  })
  @ApiOperation({
    summary: 'Make an input',
    description:
      'It is kept over restarts, and listens at once unless `enabled` is false. Where it can not, say because the port is in use, it is `failed` with `last_error`, and tried again every 10 s.',
  })
  @ApiResponse({ status: 201, standardSchema: inputSchema })
  async create(@Body({ schema: newInputSchema }) request: NewInputRequest): Promise<ShownInput> {
    return shownInput(await this.inputs.create(request));
  }

  @Patch(':input')
  @RequireScope('system')
  @Audited<InputsController>({
    action: 'input.change',
    of: 'appliance',
    state: (inputs, { params }) =>
      pick(inputs.find(params['input'] ?? ''), 'kind', 'enabled', 'options', 'sources'),
  })
  @ApiOperation({
    summary: 'Change an input',
    description:
      '`sources` count from the next message on, and no connection is lost. `options` start its listeners again; where that fails, it goes on with the old ones and nothing is changed.',
  })
  @ApiResponse({ status: 200, standardSchema: inputSchema })
  async change(
    @Param('input') name: string,
    @Body({ schema: inputPatchSchema }) patch: InputPatchRequest,
  ): Promise<ShownInput> {
    return shownInput(await this.inputs.change(name, patch));
  }

  @Post(':input/start')
  @HttpCode(200)
  @RequireScope('system')
  @Audited<InputsController>({
    action: 'input.start',
    of: 'appliance',
    state: (inputs, { params }) =>
      pick(inputs.find(params['input'] ?? ''), 'kind', 'enabled', 'options', 'sources'),
  })
  @ApiOperation({
    summary: 'Start an input',
    description: 'Now, and from now on with the server. `state` says how it went.',
  })
  @ApiResponse({ status: 200, standardSchema: inputSchema })
  async start(@Param('input') name: string): Promise<ShownInput> {
    return shownInput(await this.inputs.enable(name, true));
  }

  @Post(':input/stop')
  @HttpCode(200)
  @RequireScope('system')
  @Audited<InputsController>({
    action: 'input.stop',
    of: 'appliance',
    state: (inputs, { params }) =>
      pick(inputs.find(params['input'] ?? ''), 'kind', 'enabled', 'options', 'sources'),
  })
  @ApiOperation({
    summary: 'Stop an input',
    description: 'What was read is stored first. It stays stopped when the server starts again.',
  })
  @ApiResponse({ status: 200, standardSchema: inputSchema })
  async stop(@Param('input') name: string): Promise<ShownInput> {
    return shownInput(await this.inputs.enable(name, false));
  }

  @Delete(':input')
  @RequireScope('system')
  @Audited<InputsController>({
    action: 'input.delete',
    of: 'appliance',
    state: (inputs, { params }) =>
      pick(inputs.find(params['input'] ?? ''), 'kind', 'enabled', 'options', 'sources'),
  })
  @ApiOperation({
    summary: 'Delete an input',
    description: 'It is stopped first, and shown for the last time. What it took stays.',
  })
  @ApiResponse({ status: 200, standardSchema: inputSchema })
  async remove(@Param('input') name: string): Promise<ShownInput> {
    return shownInput(await this.inputs.remove(name));
  }
}
