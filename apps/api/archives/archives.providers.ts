import type { Provider } from '@nestjs/common';
import { ArchiveFinder } from './archive-finder.js';
import { AttachService } from './attach.service.js';
import { TrustedSigners } from './trusted-signers.js';

/** What the routes of archives are made of. */
export const ARCHIVES_API_PROVIDERS: readonly Provider[] = [ArchiveFinder, AttachService, TrustedSigners];
