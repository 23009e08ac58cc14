import type { Provider } from '@nestjs/common';
import { HoldsService } from './holds.service.js';
import { RetentionPlansService } from './plans.service.js';
import { RetentionPoliciesService } from './policies.service.js';
import { KnownTiers } from './known-tiers.js';
import { PolicyChecks } from './policy-checks.js';
import { RetentionStatusService } from './status.service.js';
import { RetentionTimes } from './retention-times.js';
import { ShownPlans } from './shown-plans.js';
import { ArchiveObjects } from './archive-objects.js';
import { StoredStreams } from './stored-streams.js';

/** What the routes of retention and holds are made of. */
export const RETENTION_API_PROVIDERS: readonly Provider[] = [
  HoldsService,
  KnownTiers,
  PolicyChecks,
  RetentionPlansService,
  RetentionPoliciesService,
  RetentionStatusService,
  RetentionTimes,
  ShownPlans,
  ArchiveObjects,
  StoredStreams,
];
