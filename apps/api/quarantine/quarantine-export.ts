import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import type { QuarantineFilter, ScanPiece } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import type { ExportedFile } from '../export/export.service.js';
import { ExportSlots } from '../export/export-slots.js';
import { begun } from '../export/watched-body.js';

export const EXPORT_HEADERS = {
  'content-type': 'application/x-ndjson',
  'content-disposition': 'attachment; filename="quarantine.ndjson"',
} as const;

/** Makes files of refused events. */
@Injectable()
export class QuarantineExport {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(ExportSlots) private readonly slots: ExportSlots,
  ) {}

  /** Begins one; resolves when its first lines are there. @throws Problem `too_many_exports`; TierError */
  async open(caller: Principal, filter: QuarantineFilter, signal: AbortSignal): Promise<ExportedFile> {
    const close = this.slots.take(caller.keyId);
    try {
      const pieces = await begun(this.tiers.quarantine.scanRefused(filter, signal));
      return { headers: EXPORT_HEADERS, body: linesOf(pieces), close };
    } catch (error) {
      close();
      throw error;
    }
  }
}

async function* linesOf(pieces: AsyncIterable<ScanPiece>): AsyncGenerator<Uint8Array> {
  for await (const { lines } of pieces) yield lines;
}
