import type { Type } from '@nestjs/common';
import { ArchiveHealth } from './archive-health.js';
import { CatalogueHealth } from './catalogue-health.js';
import { HealthReporter } from './health-reporter.js';
import { IngestHealth } from './ingest-health.js';
import { JobsHealth } from './jobs-health.js';

/** What says how the appliance is. */
export const HEALTH_PROVIDERS: readonly Type[] = [
  ...[HealthReporter, ArchiveHealth, CatalogueHealth],
  ...[IngestHealth, JobsHealth],
];
