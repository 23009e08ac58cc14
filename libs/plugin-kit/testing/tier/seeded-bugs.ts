import { randomUUID } from 'node:crypto';
import type { BlockId } from '#event-model';
import type {
  AggregateQuery,
  AggregateResult,
  BlocksQuery,
  EventPage,
  EventQuery,
  FieldsQuery,
  FieldsResult,
  InsertReport,
  ParquetFile,
  ParquetQuery,
  PresentRows,
  QuarantinedRow,
  ScanQuery,
  StreamSpec,
  TierBatch,
} from '#plugin-kit';
import type { ContractTier, TierPromise } from './contract-case.js';
import { ForwardingTier } from './forwarding-tier.js';
import { ArchivesLateEvents, LeavesTables, TakesTheWholeDay } from './seeded-unit-bugs.js';
import { EVERYTHING } from './scene.js';

/** Makes up a token for each call: a retry after an ambiguous answer doubles the batch. */
class ForgetsTokens extends ForwardingTier {
  override insert(batch: TierBatch): Promise<InsertReport> {
    return super.insert({ ...batch, token: randomUUID() });
  }
}

/** Reads back the table only: refused rows are inserted again after each crash. */
class ForgetsQuarantine extends ForwardingTier {
  override async present(stream: StreamSpec, blocks: readonly BlockId[]): Promise<readonly PresentRows[]> {
    return (await super.present(stream, blocks)).map((rows) => ({ ...rows, quarantined: [] }));
  }
}

/** Lets everything pass, and finds out when it is inserted. */
class JudgesNothing extends ForwardingTier {
  override judge(): Promise<readonly QuarantinedRow[]> {
    return Promise.resolve([]);
  }
}

/** Puts a copy in place that doesn't have what came meanwhile. */
class ForgetsWhatCame extends ForwardingTier {
  override catchUpRewrite(): Promise<number> {
    return Promise.resolve(0);
  }
}

/** Inserts deduplicated rows all the same. */
class IgnoresSkip extends ForwardingTier {
  override insert(batch: TierBatch): Promise<InsertReport> {
    return super.insert({ ...batch, skip: [] });
  }
}

/** Inserts without a word to those who keep the client ids. */
class AsksForNoClaim extends ForwardingTier {
  override insert(batch: TierBatch): Promise<InsertReport> {
    return super.insert(batch);
  }
}

/** Looks the streams up by their name alone, among those of all tenants. */
class IgnoresTenant extends ForwardingTier {
  readonly #known: StreamSpec[] = [];

  override prepare(stream: StreamSpec): Promise<void> {
    this.#known.push(stream);
    return super.prepare(stream);
  }

  override async search(query: EventQuery): Promise<EventPage> {
    const names = new Set(query.streams.map(({ name }) => name));
    const streams = this.#known.filter(({ name }) => names.has(name));
    const tenants = [...new Set(streams.map(({ tenant }) => tenant))];
    const pages = await Promise.all(tenants.map((tenant) => super.search({ ...query, tenant, streams })));
    const [first] = pages;
    if (!first) return super.search(query);
    const total = pages.reduce((sum, page) => sum + page.total, 0);
    return { ...first, events: pages.flatMap(({ events }) => events), total };
  }
}

/** Takes the end of a time range for part of it. */
class IncludesEnd extends ForwardingTier {
  override search(query: EventQuery): Promise<EventPage> {
    return super.search({ ...query, to: query.to + 1n });
  }
}

/** Counts what was sent, not what is there. */
class CountsFromMemory extends ForwardingTier {
  readonly #counts = new Map<string, number>();

  override async insert(batch: TierBatch): Promise<InsertReport> {
    const report = await super.insert(batch);
    const id = `${batch.stream.tenant}/${batch.stream.name}`;
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + report.stored);
    return report;
  }

  override async count(stream: StreamSpec): Promise<number> {
    return this.#counts.get(`${stream.tenant}/${stream.name}`) ?? 0;
  }
}

/** Finds nothing wrong with its roll-ups, whatever is in them. */
class TrustsRollUps extends ForwardingTier {
  override async checkRollUps(): Promise<readonly number[]> {
    return [];
  }
}

/** Reports the total of the page in place of the total of all. */
class CountsThePage extends ForwardingTier {
  override async search(query: EventQuery): Promise<EventPage> {
    const page = await super.search(query);
    return { ...page, total: page.events.length };
  }
}

/** Leaves out the groups of events without the field. */
class ForgetsAbsent extends ForwardingTier {
  override async aggregate(query: AggregateQuery): Promise<AggregateResult> {
    const result = await super.aggregate(query);
    return { ...result, buckets: result.buckets.filter(({ group }) => !group.includes(null)) };
  }
}

/** Leaves intervals without an event out. */
class LeavesGaps extends ForwardingTier {
  override aggregate(query: AggregateQuery): Promise<AggregateResult> {
    return super.aggregate({ ...query, fill: false });
  }
}

/** Counts whole minutes, also where the range begins or ends inside one. */
class RoundsToMinutes extends ForwardingTier {
  override aggregate(query: AggregateQuery): Promise<AggregateResult> {
    const minute = 60_000_000_000n;
    const from = query.from - (query.from % minute);
    return super.aggregate({ ...query, from, to: query.to + minute - 1n - ((query.to - 1n) % minute) });
  }
}

/** Looks into the first stream only. */
class DescribesOneStream extends ForwardingTier {
  override fields(query: FieldsQuery): Promise<FieldsResult> {
    return super.fields({ ...query, streams: query.streams.slice(0, 1) });
  }
}

/** Begins each page behind the moment that the last one ended at, whatever else happened at that moment. */
class SkipsMoments extends ForwardingTier {
  override search({ after, ...query }: EventQuery): Promise<EventPage> {
    if (!after) return super.search(query);
    const rest = query.order === 'desc' ? { to: after.timestamp } : { from: after.timestamp + 1n };
    return super.search({ ...query, ...rest });
  }
}

/** Stores the lines that a parser made, and not what it made them of. */
class ForgetsText extends ForwardingTier {
  override insert(batch: TierBatch): Promise<InsertReport> {
    return super.insert({ ...batch, blocks: batch.blocks.map(({ header, body }) => ({ header, body })) });
  }
}

/** Goes on behind the moment of the last event, whatever else happened at that moment. */
class ScansPastMoments extends ForwardingTier {
  override scan({ after, ...query }: ScanQuery, signal?: AbortSignal) {
    if (!after) return super.scan(query, signal);
    const rest = query.order === 'desc' ? { to: after.timestamp } : { from: after.timestamp + 1n };
    return super.scan({ ...query, ...rest }, signal);
  }
}

/** Reads whole blocks, whatever was asked of their events. */
class ReadsWholeBlocks extends ForwardingTier {
  override readBlocks(query: BlocksQuery, signal?: AbortSignal) {
    return super.readBlocks({ ...query, filter: EVERYTHING }, signal);
  }
}

/** Leaves the last bytes of a file behind. */
class CutsFiles extends ForwardingTier {
  override async exportParquet(query: ParquetQuery, signal?: AbortSignal): Promise<ParquetFile> {
    const file = await super.exportParquet(query, signal);
    return { ...file, bytes: file.bytes - 4, read: () => file.read(), discard: () => file.discard() };
  }
}

interface SeededBug {
  readonly bug: string;
  /** The promise of which at least one case must fail. */
  readonly breaks: TierPromise;
  readonly wrap: (tier: ContractTier) => ContractTier;
}

/** A sound tier with one fault each, and the promise that the contract must find broken. */
export const SEEDED_TIER_BUGS: readonly SeededBug[] = [
  { bug: 'forgets tokens', breaks: 'repeat', wrap: (tier) => new ForgetsTokens(tier) },
  {
    bug: 'forgets the quarantine on read-back',
    breaks: 'read-back',
    wrap: (tier) => new ForgetsQuarantine(tier),
  },
  { bug: 'judges nothing', breaks: 'refused', wrap: (tier) => new JudgesNothing(tier) },
  { bug: 'forgets what came meanwhile', breaks: 'rewrite', wrap: (tier) => new ForgetsWhatCame(tier) },
  { bug: 'takes the whole day', breaks: 'retention', wrap: (tier) => new TakesTheWholeDay(tier) },
  { bug: 'archives late events', breaks: 'archive', wrap: (tier) => new ArchivesLateEvents(tier) },
  { bug: 'leaves tables', breaks: 'restore', wrap: (tier) => new LeavesTables(tier) },
  { bug: 'ignores skip', breaks: 'skip', wrap: (tier) => new IgnoresSkip(tier) },
  { bug: 'asks for no claim', breaks: 'client-ids', wrap: (tier) => new AsksForNoClaim(tier) },
  { bug: 'ignores the tenant', breaks: 'tenants', wrap: (tier) => new IgnoresTenant(tier) },
  { bug: 'includes the end', breaks: 'bounds', wrap: (tier) => new IncludesEnd(tier) },
  { bug: 'counts from memory', breaks: 'counts', wrap: (tier) => new CountsFromMemory(tier) },
  { bug: 'trusts its roll-ups', breaks: 'roll-ups', wrap: (tier) => new TrustsRollUps(tier) },
  { bug: 'skips the rest of a moment', breaks: 'page', wrap: (tier) => new SkipsMoments(tier) },
  { bug: 'counts the page', breaks: 'page', wrap: (tier) => new CountsThePage(tier) },
  { bug: 'forgets absent fields', breaks: 'groups', wrap: (tier) => new ForgetsAbsent(tier) },
  { bug: 'leaves gaps', breaks: 'series', wrap: (tier) => new LeavesGaps(tier) },
  { bug: 'rounds to minutes', breaks: 'minutes', wrap: (tier) => new RoundsToMinutes(tier) },
  { bug: 'scans past moments', breaks: 'scan', wrap: (tier) => new ScansPastMoments(tier) },
  { bug: 'reads whole blocks', breaks: 'blocks', wrap: (tier) => new ReadsWholeBlocks(tier) },
  { bug: 'cuts files', breaks: 'parquet', wrap: (tier) => new CutsFiles(tier) },
  { bug: 'forgets text', breaks: 'text', wrap: (tier) => new ForgetsText(tier) },
  { bug: 'describes one stream', breaks: 'fields', wrap: (tier) => new DescribesOneStream(tier) },
];
