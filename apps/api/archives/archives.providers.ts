import type { Provider } from '@nestjs/common';
import { ReadOnlyStreams, StreamRegistry, TierRegistry } from '#storage-tier';
import { ArchiveFinder } from './archive-finder.js';
import { AttachService } from './attach.service.js';
import { TrustedSigners } from './trusted-signers.js';

const READ_ONLY_STREAMS: Provider = {
  provide: ReadOnlyStreams,
  inject: [StreamRegistry, TierRegistry],
  useFactory: (streams: StreamRegistry, tiers: TierRegistry) => new ReadOnlyStreams(streams, tiers),
};

/** What the routes of archives are made of. */
export const ARCHIVES_API_PROVIDERS: readonly Provider[] = [
  ArchiveFinder,
  AttachService,
  READ_ONLY_STREAMS,
  TrustedSigners,
];
