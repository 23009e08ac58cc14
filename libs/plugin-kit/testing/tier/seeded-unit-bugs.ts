import type { ArchiveColumn, ArchivedPart, StreamPart } from '#plugin-kit';
import { ForwardingTier } from './forwarding-tier.js';

/** Removes a day with what came since it was counted. */
export class TakesTheWholeDay extends ForwardingTier {
  override async removeUnit(part: StreamPart): Promise<void> {
    const all = await super.countUnit(part);
    if (all) await super.removeUnit(part, all.through);
  }
}

/** Writes whatever the day has when it is asked. */
export class ArchivesLateEvents extends ForwardingTier {
  override async exportUnit(part: ArchivedPart, path: string): Promise<readonly ArchiveColumn[]> {
    const all = await super.countUnit(part);
    return super.exportUnit(all ? { ...part, through: all.through } : part, path);
  }
}

/** Takes no stream away. */
export class LeavesTables extends ForwardingTier {
  override async removeStream(): Promise<void> {
    // The tables stay.
  }
}
