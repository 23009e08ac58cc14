import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { BlockGatherer, EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { AccessGuard } from './guarding/access-guard.js';
import { RouteTable } from './guarding/route-table.js';
import { AckMeter } from './ingest/ack-meter.js';
import { Admission } from './ingest/admission.js';
import { DestinationFinder } from './ingest/destination-finder.js';
import { EventAppender } from './ingest/event-appender.js';
import { EventFramer } from './ingest/event-framer.js';
import { IngestController } from './ingest/ingest.controller.js';
import { IngestService } from './ingest/ingest.service.js';
import { IngestMetrics } from './metrics/ingest-metrics.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { ReceiptDesk } from './receipts/receipt-desk.js';
import { ReceiptsController } from './receipts/receipts.controller.js';

/**
 * The HTTP API. Needs the global modules of settings, metrics, the catalogue, the bus, storage, the ledger, access and
 * the plugin host.
 */
@Module({
  controllers: [IngestController, ReceiptsController],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    {
      provide: BlockGatherer,
      inject: [EVENT_BUS],
      useFactory: (bus: InspectableEventBus) => new BlockGatherer(bus),
    },
    AccessGuard,
    AckMeter,
    Admission,
    DestinationFinder,
    EventAppender,
    EventFramer,
    IngestMetrics,
    IngestService,
    ReceiptDesk,
    RequestMetrics,
    RouteTable,
  ],
})
export class ApiModule {}
