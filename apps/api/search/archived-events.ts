import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { ArchiveStorageError } from '#archive-storage';
import {
  answersIn,
  hasEventsIn,
  outsideTierOf,
  readBytesOf,
  type ArchivedUnit,
  type StreamArchive,
} from '#archived-units';
import { TierError, type ArchivedFiles, type EventSelection, type SearchStats } from '#plugin-kit';
import { AttachedAgain } from '../archives/attached-again.js';
import { Problem } from '../problems/problem.js';
import { ArchivesOfStreams, type ArchiveOfStream } from './archives-of-streams.js';
import { DaysInSearch } from './days-in-search.js';
import { holdDays, type ArchivedDay, type HeldDays } from './held-days.js';

/** Seconds until a question about what is on its way here may be asked again. */
const AWAITED_AGAIN_S = 30;

/** What a request selects, and whether it may read more of archives than is read unasked. */
export interface AskedSelection extends EventSelection {
  readonly confirmsArchives?: boolean;
}

/** Which of the archived days that a question is about have files that its answer can need. */
type NeededDays<Q> = (query: Q, days: readonly ArchivedDay[]) => readonly ArchivedDay[];

/** Brings to a question the archived days that it is about, as files that stay while it is answered. */
@Injectable()
export class ArchivedEvents {
  constructor(
    @Inject(ArchivesOfStreams) private readonly archives: ArchivesOfStreams,
    @Inject(AttachedAgain) private readonly attachedAgain: AttachedAgain,
    @Inject(DaysInSearch) private readonly inSearch: DaysInSearch,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /**
   * Asks over tables and archives: with the snapshot of what is archived now, whatever moves meanwhile. The answer's
   * stats say what of archives it was about.
   *
   * @param neededOf those of the days whose files the answer can need. Default all
   * @throws Problem `archive_scan_unconfirmed`, `archive_scan_too_large`, `archive_unreadable`, `history_on_its_way`
   */
  async ask<Q extends AskedSelection, T extends { readonly stats: SearchStats }>(
    query: Q,
    work: (query: Q) => Promise<T>,
    neededOf: NeededDays<Q> = allDays,
  ): Promise<T> {
    const answered = async (asked: Q, archives: SearchStats['archives']): Promise<T> => {
      const answer = await work(asked);
      return archives ? { ...answer, stats: { ...answer.stats, archives } } : answer;
    };
    return this.make(query, answered, neededOf);
  }

  /** The same for what has no stats. */
  async make<Q extends AskedSelection, T>(
    query: Q,
    work: (query: Q, archives: SearchStats['archives']) => Promise<T>,
    neededOf: NeededDays<Q> = allDays,
  ): Promise<T> {
    const { days, held } = await this.#read(query, neededOf);
    if (!held) return work(query, undefined);
    try {
      return await work(withFiles(query, days, held), statsOf(days, held));
    } catch (error) {
      throw inWords(error, days, held);
    } finally {
      held.release();
    }
  }

  /** The same for an answer that is read piece by piece. @throws Problem besides, `export_outlived_days` */
  async *read<Q extends AskedSelection, T>(
    query: Q,
    work: (query: Q) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const beganMs = Date.now();
    const { days, held } = await this.#read(query, allDays);
    if (!held) return yield* this.inSearch.while(query, work(query), beganMs);
    try {
      yield* this.inSearch.while(query, work(withFiles(query, days, held)), beganMs);
    } catch (error) {
      throw inWords(error, days, held);
    } finally {
      held.release();
    }
  }

  /** The days, and their files; once more where an attached archive was read again, since files of it are gone. */
  async #read<Q extends AskedSelection>(
    query: Q,
    neededOf: NeededDays<Q>,
  ): Promise<{ readonly days: readonly ArchivedDay[]; readonly held?: HeldDays }> {
    const days = await this.#daysOf(query);
    if (days.length === 0) return { days };
    try {
      return { days, held: await this.#hold(query, neededOf(query, days)) };
    } catch (error) {
      if (!(error instanceof Problem) || !isMissing(error) || !(await this.#isReadAgain(query))) throw error;
      const again = await this.#daysOf(query);
      return { days: again, held: await this.#hold(query, neededOf(query, again)) };
    }
  }

  async #isReadAgain({ streams }: AskedSelection): Promise<boolean> {
    const attached = streams.filter(({ readOnly }) => readOnly === 'attached');
    const read = await Promise.all(attached.map((stream) => this.attachedAgain.read(stream)));
    return read.includes(true);
  }

  async #daysOf({ streams, from, to }: AskedSelection): Promise<readonly ArchivedDay[]> {
    const found = await Promise.all(
      streams.map(async (stream) => {
        const { archive, objects } = await this.archives.of(stream);
        refuseAwaited(stream.name, archive, { from, to });
        return archive.units
          .filter((unit) => answersIn(unit, { from, to }))
          .map((unit) => ({ stream, unit, objects, columns: columnsOf(archive, unit) }));
      }),
    );
    return found.flat();
  }

  async #hold(query: AskedSelection, needed: readonly ArchivedDay[]): Promise<HeldDays> {
    const bytes = bytesOf(needed);
    const { searchArchiveBytes: most } = this.settings.current;
    if (bytes > most && query.confirmsArchives !== true)
      throw new Problem(
        'archive_scan_unconfirmed',
        `The question reads ${bytes} bytes of ${needed.length} archived days; more than ${most} are read only when it is confirmed.`,
      );
    try {
      return await holdDays(needed);
    } catch (error) {
      throw unheld(error, needed);
    }
  }
}

function isMissing({ cause }: { readonly cause?: unknown }): boolean {
  return cause instanceof ArchiveStorageError && cause.code === 'archive_object_missing';
}

/** What is on its way here would be missing without a word. */
function refuseAwaited(
  stream: string,
  { awaited = [] }: Pick<StreamArchive, 'awaited'>,
  span: { readonly from: bigint; readonly to: bigint },
): void {
  const missing = awaited.filter((unit) => hasEventsIn(unit, span));
  if (missing.length === 0) return;
  const days = missing.map(({ day }) => day);
  throw new Problem(
    'history_on_its_way',
    `${missing.length} days of the stream "${stream}" between ${Math.min(...days)} and ${Math.max(...days)} are being moved here from the data directory that the appliance had.`,
    { retryAfter: AWAITED_AGAIN_S },
  );
}

function allDays(_query: unknown, days: readonly ArchivedDay[]): readonly ArchivedDay[] {
  return days;
}

function columnsOf(
  { schemas }: ArchiveOfStream['archive'],
  { schema }: ArchivedUnit,
): ArchivedDay['columns'] {
  return schemas[schema]?.columns ?? [];
}

function withFiles<Q extends AskedSelection>(query: Q, days: readonly ArchivedDay[], held: HeldDays): Q {
  const streams = query.streams.map((stream) => {
    const own = days.filter((day) => day.stream === stream);
    return own.length === 0 ? stream : { ...stream, archived: own.map((day) => toFiles(day, held)) };
  });
  return { ...query, streams };
}

function toFiles(archived: ArchivedDay, held: HeldDays): ArchivedFiles {
  const { unit, columns } = archived;
  const { day, generation, events, files } = unit;
  return {
    ...{ day, generation, events, columns, oldest: BigInt(unit.oldest), newest: BigInt(unit.newest) },
    files: held.has(archived)
      ? files.map((file) => ({ path: held.pathOf(archived, file.key), bytes: readBytesOf(file) }))
      : [],
  };
}

/** What the question was about, and the bytes of the files that it was given. */
function statsOf(days: readonly ArchivedDay[], held: HeldDays) {
  return {
    units: days.length,
    events: days.reduce((sum, { unit }) => sum + unit.events, 0),
    bytes: bytesOf(days.filter((day) => held.has(day))),
  };
}

function bytesOf(days: readonly ArchivedDay[]): number {
  const files = days.flatMap(({ unit }) => unit.files);
  return files.reduce((sum, file) => sum + readBytesOf(file), 0);
}

function unheld(error: unknown, days: readonly ArchivedDay[]): unknown {
  if (!(error instanceof ArchiveStorageError)) return error;
  if (error.code === 'archive_cache_too_small')
    return new Problem('archive_scan_too_large', error.message, { cause: error });
  if (error.code === 'archive_key_missing')
    return new Problem('archive_unreadable', `An archived day is encrypted: ${error.message}`, {
      cause: error,
    });
  const tier = days.map(({ unit }) => outsideTierOf(unit)).find((name) => name !== undefined);
  if (error.code === 'archive_tier_failed')
    return new Problem(
      'archive_unreadable',
      `Archived days are in the storage tier "${tier}", which did not give them back: its plugin is missing or failed.`,
      { cause: error },
    );
  return unreadable(
    days.find(({ unit }) => unit.files.some(({ key }) => error.message.includes(key))),
    error,
  );
}

/** The engine names the file that it can't read. */
function inWords(error: unknown, days: readonly ArchivedDay[], held: HeldDays): unknown {
  if (!(error instanceof TierError)) return error;
  const damaged = days.find((day) =>
    day.unit.files.some(({ key }) => error.message.includes(held.pathOf(day, key) || key)),
  );
  return damaged ? unreadable(damaged, error) : error;
}

function unreadable(day: ArchivedDay | undefined, cause: Error): Problem {
  if (!day) return new Problem('archive_unreadable', 'Archived days can not be read now.', { cause });
  const { stream, unit } = day;
  const files = unit.files.map(({ key }) => key).join(', ');
  return new Problem(
    'archive_unreadable',
    `The archived unit ${stream.name}/${unit.day}-${unit.generation} can not be read: ${files} is missing, damaged or out of reach.`,
    { cause },
  );
}
