import type { Block, BlockId, EventPlace } from '#event-model';
import type { AskedStream } from './asked-stream.js';
import type { QuarantinePage, QuarantineQuery } from './quarantine-page.js';
import type { EventQuery, EventPage, StoredEvent } from './search.js';
import type { StreamSpec } from './stream.js';

/** A server that a tier keeps its events on, in place of an engine in the process. */
export interface TierServer {
  readonly url: string;
  readonly user: string;
  /** Asked for where it is used; never part of a log or an error. */
  readonly password: () => string;
  /** Authorities that its certificate is checked by (PEM); those of the system where undefined. */
  readonly ca?: string;
  /** The database that is the appliance's own, where the server has several and settings name it. */
  readonly database?: string;
  /** The cluster that it is a member of, where events are spread over several servers. */
  readonly cluster?: TierCluster;
}

/** Servers that have a shard of the events each. */
export interface TierCluster {
  /** As the servers name it. */
  readonly name: string;
  /** One server of each shard, in any order. */
  readonly urls: readonly string[];
  /** What the events of a type go to the same shard by. */
  readonly shardKeyOf: (eventType: string) => ShardKey;
}

/** Events go to the same shard when they are of one batch or block (both are spread evenly), of one source of their stream, or of one stream. */
export type ShardKey = 'batch' | 'block' | 'source' | 'stream';

/** What a tier gets from the host when it is created. */
export interface TierContext {
  /** A directory of the tier's own, existing and writable; what it keeps there is its only state on disk. */
  readonly dataDirectory: string;
  /** Where block files may be written for the engine to read; lost at restart; a memory file system where there is one. */
  readonly scratchDirectory: string;
  /** Bytes of memory that the tier's engine may use. */
  readonly memoryBytes: number;
  /** Engine statements that may run at once, so that other users of the thread pool keep room. */
  readonly concurrency: number;
  /** Marks a place where tests may end the process. Returns at once in production. */
  readonly reach: (faultPoint: string) => void;
  /** Where it is set, the tier's engine. It need not answer yet: the tier is created all the same, and asks again. */
  readonly server?: TierServer;
  /** True where another process writes: this one makes what is missing, and changes nothing that is there. */
  readonly asksOnly?: boolean;
  /** Where it is set, several processes write streams of their own, and one of them has the turn to change tables that are there. */
  readonly turn?: TierTurn;
}

/** The turn to change tables that are there, which one of several processes has. */
export interface TierTurn {
  readonly isOurs: () => boolean;
  /** Adds what is to be done when it comes, before anything else is changed: what was left behind. Tried again until it passes. */
  readonly before: (step: () => Promise<void>) => void;
}

/**
 * Stores events and gives them back. Every tier has these three; what else it can do are the powers below, which the
 * registry looks for.
 *
 * Lifecycle: `create` returns with the tier ready; `stop` finishes what runs, is idempotent, legal at any time.
 */
export interface StorageTier {
  readonly name: string;
  /** Makes the stream's tables, or checks that they fit. Idempotent; called before the first write and at start. */
  prepare(stream: StreamSpec): Promise<void>;
  /** Rejects when the engine can't answer; for readiness. */
  ping(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Days of a stream that get no more events where they stand, since their archive answers for them: what comes late is stored
 * beside them, in a generation of its own.
 */
export interface SealedDays {
  /** The last of them, `YYYYMMDD`, UTC: all days before it count as sealed. */
  readonly through: number;
  /** What events of these days are stored in from now on, 1 to 65,535; those of later days in 0. */
  readonly generation: number;
}

/** Blocks of one stream to be stored by one call. */
export interface TierBatch {
  readonly stream: StreamSpec;
  /** The same for every try with the same bytes; never used for others. */
  readonly token: string;
  /**
   * Those with `raw` were made of text by a parser: the text is kept with the event where `message` alone isn't it, byte
   * for byte (or always, where the stream keeps all), and in quarantine; a refusal among their lines is honoured.
   */
  readonly blocks: readonly Block[];
  /** Rows to leave out: there already, or deduplicated by client id. */
  readonly skip: readonly EventPlace[];
  /** The same for every try of a batch; absent where no day is sealed. */
  readonly sealed?: SealedDays;
}

/** A row that a declared field or the format refused; its bytes are kept. */
export interface QuarantinedRow extends EventPlace {
  /** Stable: `not_json`, `not_object`, `missing:<field>`, `type:<field>`, `bad:timestamp`, `range:timestamp` … */
  readonly reason: string;
}

/** What became of a batch's rows, counted in the engine's tables, never by subtraction. */
export interface InsertReport {
  readonly stored: number;
  readonly quarantined: readonly QuarantinedRow[];
}

/** A row whose event came with an id of the client's. */
export interface IdentifiedEvent extends EventPlace {
  readonly id: string;
}

/** Answers with those of the events that another event with the same id came before. */
export type ClaimIds = (events: readonly IdentifiedEvent[]) => Promise<readonly EventPlace[]>;

/** Which rows of a block the engine has. */
export interface PresentRows {
  readonly block: BlockId;
  /** Rows in the stream's table, ascending. */
  readonly stored: readonly number[];
  /** Rows in quarantine, ascending by row. */
  readonly quarantined: readonly QuarantinedRow[];
}

/**
 * Takes events. A batch becomes visible part by part, so a caller that doesn't know how a call ended asks `present`
 * before it tries again.
 *
 * @throws TierError `retryable` says whether the same bytes may succeed later; `data` whether the bytes are to blame.
 */
export interface WritableTier extends StorageTier {
  /**
   * Stores a batch. `claim` is asked, once at most, about the rows whose event has a client id, before any of them is
   * stored; rows without one may be stored already. The rows that it answers with are left out as if they were skipped.
   */
  insert(batch: TierBatch, claim?: ClaimIds): Promise<InsertReport>;
  /** Puts the batch's rows into quarantine as they are; for rows that the engine itself refuses. */
  refuse(batch: TierBatch, reason: string): Promise<InsertReport>;
  /** Reads back which rows of these blocks exist, in both the table and the quarantine. */
  present(stream: StreamSpec, blocks: readonly BlockId[]): Promise<readonly PresentRows[]>;
  /** The client ids in a batch: rows whose event has a string or number `id`. */
  clientIds(batch: TierBatch): Promise<readonly IdentifiedEvent[]>;
}

/** Keeps roll-ups beside the events and can make them again from the events. */
export interface RollUpTier extends StorageTier {
  /** Days (`YYYYMMDD`) that these blocks' stored rows are in. */
  daysOf(stream: StreamSpec, blocks: readonly BlockId[]): Promise<readonly number[]>;
  /** Days whose roll-ups don't add up to the events. */
  checkRollUps(stream: StreamSpec): Promise<readonly number[]>;
  /** Makes the roll-ups of one day again from its events, atomically for readers; the writer's lock must be held. */
  rebuildRollUps(stream: StreamSpec, day: number): Promise<void>;
}

/** Counts what is stored, for the ledger; never from the ledger's own numbers. */
export interface CountingTier extends StorageTier {
  /** Events in the stream's table. Cheap. */
  count(stream: StreamSpec): Promise<number>;
  /** Events in the stream's table by source and minute of acceptance (milliseconds since the epoch). */
  countByMinute(stream: StreamSpec): Promise<readonly SourceMinuteCount[]>;
  /** Rows in the tenant's quarantine by source and minute of acceptance. */
  countQuarantine(tenant: string): Promise<readonly (SourceMinuteCount & { readonly stream: string })[]>;
}

export interface SourceMinuteCount {
  readonly source: string;
  readonly minute: number;
  readonly events: number;
}

/** Finds events again. */
export interface SearchableTier extends StorageTier {
  search(query: EventQuery, signal?: AbortSignal): Promise<EventPage>;
  find(tenant: string, streams: readonly AskedStream[], place: EventPlace): Promise<StoredEvent | undefined>;
  quarantine(query: QuarantineQuery): Promise<QuarantinePage>;
}

/** Gives what it keeps on this machine, for a backup of the appliance. */
export interface SavableTier extends StorageTier {
  /**
   * Makes in a directory, which is on the file system of the tier's own, what the tier can be opened on: everything that it
   * keeps now. The caller sees to it that nothing is written meanwhile, and removes the directory; its files are not to
   * be changed, they may be the tier's own.
   *
   * @throws TierError `config` where what the tier keeps is not on this machine
   */
  saveTo(directory: string): Promise<void>;
}

/** Says how large it is and how busy, for metrics and benches. */
export interface MeasuredTier extends StorageTier {
  measure(): Promise<TierMeasures>;
}

export interface TierMeasures {
  /** Bytes of active data on disk. */
  readonly diskBytes: number;
  readonly activeParts: number;
  readonly runningMerges: number;
}
