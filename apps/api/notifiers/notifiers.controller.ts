import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Audited } from '../audit/audited.decorator.js';
import { pick } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { NotifiersService } from './notifiers.service.js';
import {
  notifierListSchema,
  notifierRequestSchema,
  notifierSchema,
  notifierTestSchema,
  type NotifierRequest,
  type NotifierTest,
  type ShownNotifier,
  type ShownNotifiers,
} from './notifiers.schema.js';

/** Notifiers tell of the whole server, and make it connect to others: only `system` may see and change them. */
@ApiTags('Notifiers')
@Controller('api/v1/notifiers')
export class NotifiersController {
  constructor(@Inject(NotifiersService) private readonly service: NotifiersService) {}

  @Get()
  @RequireScope('system')
  @ApiOperation({
    summary: 'Who is told, what is wrong now, and what kinds there are',
    description: 'Notifiers by name.',
  })
  @ApiResponse({ status: 200, standardSchema: notifierListSchema })
  list(): ShownNotifiers {
    return this.service.list();
  }

  @Get(':notifier')
  @RequireScope('system')
  @ApiOperation({ summary: 'One notifier', description: 'With its counters and its last error.' })
  @ApiResponse({ status: 200, standardSchema: notifierSchema })
  find(@Param('notifier') name: string): ShownNotifier {
    return this.service.find(name);
  }

  @Put(':notifier')
  @RequireScope('system')
  @Audited<NotifiersController>({
    action: 'notifier.put',
    of: 'appliance',
    state: (notifiers, { params }) =>
      pick(notifiers.find(params['notifier'] ?? ''), 'kind', 'options', 'severity'),
  })
  @ApiOperation({
    summary: 'Make or change a notifier',
    description: 'It is told from now on. Whether it can be reached, a test says.',
  })
  @ApiResponse({ status: 200, standardSchema: notifierSchema })
  put(
    @Param('notifier') name: string,
    @Body({ schema: notifierRequestSchema }) request: NotifierRequest,
  ): Promise<ShownNotifier> {
    return this.service.put(name, request);
  }

  @Post(':notifier/test')
  @HttpCode(200)
  @RequireScope('system')
  @ChangesNothing('sends a notification and keeps nothing')
  @ApiOperation({
    summary: 'Send a test',
    description: 'One try, at once, of a notification with `status: test`. The answer says how it ended.',
  })
  @ApiResponse({ status: 200, standardSchema: notifierTestSchema })
  test(@Param('notifier') name: string): Promise<NotifierTest> {
    return this.service.test(name);
  }

  @Delete(':notifier')
  @RequireScope('system')
  @Audited<NotifiersController>({
    action: 'notifier.delete',
    of: 'appliance',
    state: (notifiers, { params }) =>
      pick(notifiers.find(params['notifier'] ?? ''), 'kind', 'options', 'severity'),
  })
  @ApiOperation({ summary: 'Delete a notifier', description: 'What waits to be told by it is forgotten.' })
  @ApiResponse({ status: 200, description: 'The notifier as it was.', standardSchema: notifierSchema })
  remove(@Param('notifier') name: string): Promise<ShownNotifier> {
    return this.service.remove(name);
  }
}
