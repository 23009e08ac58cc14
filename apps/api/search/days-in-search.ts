import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { answersIn } from '#archived-units';
import type { EventSelection } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { ArchivesOfStreams } from './archives-of-streams.js';

const HOUR_MS = 3_600_000;
/** So long before a day's copy in search may go, what reads it there ends: milliseconds. */
const MARGIN_MS = 300_000;
/** Milliseconds between looks. */
const LOOK_MS = 60_000;

/**
 * Watches over what is read piece by piece for hours. It goes by what the archive answered for when it began; days that moved
 * there since are read in search, which their copies leave when the grace is over.
 */
@Injectable()
export class DaysInSearch {
  constructor(
    @Inject(ArchivesOfStreams) private readonly archives: ArchivesOfStreams,
    @Inject(RunTimeSettings) private readonly settings: Pick<RunTimeSettings, 'current'>,
  ) {}

  /** Pieces that are read of what is selected. @throws Problem as {@link require}, before a piece that may lack events */
  async *while<T>(selection: EventSelection, pieces: AsyncIterable<T>, beganMs: number): AsyncGenerator<T> {
    let lookedMs = beganMs;
    for await (const piece of pieces) {
      if (Date.now() - lookedMs >= LOOK_MS) {
        await this.require(selection, { beganMs });
        lookedMs = Date.now();
      }
      yield piece;
    }
  }

  /**
   * @param beganMs when it was looked what the archive answers for; milliseconds since the epoch, as `nowMs`
   * @throws Problem `export_outlived_days`
   */
  async require(
    { streams, from, to }: EventSelection,
    { beganMs, nowMs = Date.now() }: { readonly beganMs: number; readonly nowMs?: number },
  ): Promise<void> {
    const graceMs = this.settings.current.archiveGraceHours * HOUR_MS;
    const goesSoon = (since: number): boolean => since > beganMs && since + graceMs - MARGIN_MS <= nowMs;
    for (const stream of streams) {
      const { archive } = await this.archives.of(stream);
      const going = archive.units.find(
        (unit) => answersIn(unit, { from, to }) && goesSoon(Date.parse(unit.answering_since ?? '')),
      );
      if (going)
        throw new Problem(
          'export_outlived_days',
          `The day ${going.day} of the stream "${stream.name}" has moved into the archive since this began, and leaves search now.`,
        );
    }
  }
}
