import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import type { ReceiptVerdicts } from '#ledger';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { ReceiptDesk } from './receipt-desk.js';
import { verdictsSchema } from './receipts.schema.js';

@ApiTags('Events')
@Controller('api/v1/receipts')
export class ReceiptsController {
  constructor(@Inject(ReceiptDesk) private readonly desk: ReceiptDesk) {}

  @Get(':receipt')
  @RequireScope(['events:write', 'quarantine:read'])
  @ApiOperation({
    summary: 'What became of the events of a request',
    description: 'Answered to the key that sent them, or to one with `quarantine:read`, for 7 days.',
  })
  @ApiResponse({ status: 200, standardSchema: verdictsSchema })
  read(@Caller() caller: Principal, @Param('receipt') receipt: string): Promise<ReceiptVerdicts> {
    return this.desk.read(caller, receipt);
  }
}
