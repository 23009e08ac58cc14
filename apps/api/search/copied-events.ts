import { Inject, Injectable } from '@nestjs/common';
import { formatTimestamp } from '#event-model';
import type { AskedStream, EventPage, EventQuery, EventSelection } from '#plugin-kit';
import { CopiesDue, TierRegistry, type BothTiers, type DueCopy } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { ArchivesOfStreams } from './archives-of-streams.js';

/** Changes that are due, and their blocks, of which it is looked whether they have events of a question. */
const MOST_DUE = 300;
const MOST_BLOCKS = 3_000;
/** Blocks that one question is about. */
const BLOCKS_AT_ONCE = 300;

/** Asks the documents tier about streams of which it has the events, or a copy. */
@Injectable()
export class CopiedEvents {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(CopiesDue) private readonly due: CopiesDue,
    @Inject(ArchivesOfStreams) private readonly archives: ArchivesOfStreams,
  ) {}

  /**
   * Searches where the copies have all events of the question, as the tables have them.
   *
   * @throws Problem `documents_missing`, `documents_archived`, `copy_behind`
   */
  async search(query: EventQuery, signal: AbortSignal): Promise<EventPage> {
    const stores = this.#both(query.streams);
    const without = query.streams.filter(({ storedIn = 'search' }) => storedIn === 'search');
    if (without.length > 0) throw missing(without);
    for (const stream of query.streams.filter(({ storedIn }) => storedIn === 'both')) {
      await this.#requireNotArchived(stream, query);
      await this.#requireCopied(stores, stream, query, signal);
    }
    return stores.documents.search(query, signal);
  }

  #both(streams: readonly AskedStream[]): BothTiers {
    const { both } = this.tiers;
    if (both) return both;
    throw missing(streams);
  }

  async #requireNotArchived(stream: AskedStream, { from, to }: EventSelection): Promise<void> {
    const { archive } = await this.archives.of(stream);
    const [first, last] = [dayOf(from), dayOf(to - 1n)];
    const gone = archive.units.find(({ state, day }) => state !== 'copied' && day >= first && day <= last);
    if (gone)
      throw new Problem(
        'documents_archived',
        `The day ${gone.day} of the stream "${stream.name}" is in the archive.`,
      );
  }

  async #requireCopied(
    { search }: BothTiers,
    stream: AskedStream,
    { from, to, timeoutMs }: EventSelection,
    signal: AbortSignal,
  ): Promise<void> {
    const due = (await this.due.of(stream, MOST_DUE)).map(({ value }) => value);
    const [first, last] = [dayOf(from), dayOf(to - 1n)];
    const isOfDay = due.some(({ work }) => 'day' in work && work.day >= first && work.day <= last);
    const blocks = due.flatMap(({ work }) => ('blocks' in work ? work.blocks : []));
    if (isOfDay || due.length === MOST_DUE || blocks.length > MOST_BLOCKS) throw behind(stream, due);
    const range = { from: formatTimestamp(from), below: formatTimestamp(to) };
    const filter = { kind: 'range', field: 'timestamp', ...range } as const;
    for (let at = 0; at < blocks.length; at += BLOCKS_AT_ONCE) {
      const some = blocks.slice(at, at + BLOCKS_AT_ONCE);
      const found = await search.countBlocks({ stream, blocks: some, filter, timeoutMs }, signal);
      if (found > 0) throw behind(stream, due);
    }
  }
}

function missing(streams: readonly AskedStream[]): Problem {
  const names = streams.slice(0, 10).map(({ name }) => `"${name}"`);
  return new Problem('documents_missing', `Of ${names.join(', ')} there are no documents.`);
}

function behind({ name }: AskedStream, due: readonly DueCopy[]): Problem {
  const since = new Date(Math.min(...due.map(({ at }) => at))).toISOString();
  return new Problem(
    'copy_behind',
    `The copy of the stream "${name}" has what was stored before ${since}, and lacks ${due.length} changes since then.`,
    { retryAfter: 1 },
  );
}

/** `YYYYMMDD`, UTC. */
function dayOf(ns: bigint): number {
  return Number(new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 10).replaceAll('-', ''));
}
