import { Test, type TestingModule } from '@nestjs/testing';
import { CATALOGUE, CatalogueModule, type Catalogue } from '#catalogue';
import { EVENT_BUS, EventBusModule, type InspectableEventBus, type Subscription } from '#event-bus';
import { makeBlock } from '#event-bus/testing';
import type { BlockId } from '#event-model';
import {
  BlockOutcomes,
  Ledger,
  LedgerFolder,
  LedgerLines,
  LedgerMoves,
  LedgerWriter,
  QuarantineActions,
} from '#ledger';
import { CopiesDue, type ReplayingTier } from '#storage-tier';
import type { MoveReport } from '../quarantine/move-order.js';
import { QuarantineMover } from '../quarantine/quarantine-mover.js';
import { Replayer } from '../quarantine/replayer.js';
import { BatchWriter } from '../writers/batch-writer.js';
import { ClientIdIndex } from '../writers/client-id-index.js';
import { WriterPool } from '../writers/writer-pool.js';
import { FakeReplayingTier } from './fake-replaying-tier.js';
import type { FakeTables } from './fake-tier.js';
import { FakeLogger, STREAM } from './scene.js';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');
const nothing = async (): Promise<void> => {};

/** Who works on the ledger. */
export type Party = 'worker' | 'fold';

/** What stays after the end of a process: the directory of bus and catalogue, and the tables. */
export interface Remains {
  readonly directory: string;
  readonly tables: FakeTables;
  /** When each block was accepted: nanoseconds since the epoch. */
  readonly accepted: Map<BlockId, bigint>;
}

/**
 * A process over the real bus and catalogue that stores and replays lines of days long ago and folds their minutes. Its
 * clock is what each call says.
 */
export class OldLedger {
  readonly failed: unknown[] = [];
  /** Awaited before each call of that party to the catalogue, and again behind each of its writes. */
  readonly between: Record<Party, () => Promise<void>> = { worker: nothing, fold: nothing };
  readonly ledger: Ledger;
  readonly #pool: WriterPool;
  readonly #folder: LedgerFolder;
  #subscription: Promise<Subscription> | undefined;
  #isDead = false;

  private constructor(
    private readonly module: TestingModule,
    private readonly remains: Remains,
    private readonly bus: InspectableEventBus,
    readonly catalogue: Catalogue,
  ) {
    this.ledger = new Ledger(new LedgerLines(catalogue, bus, nothing));
    this.#folder = new LedgerFolder(this.#watched('fold'), bus);
    this.#pool = this.#openPool(this.#watched('worker'));
  }

  static async start(remains: Remains): Promise<OldLedger> {
    const { directory } = remains;
    const module = await Test.createTestingModule({
      imports: [
        EventBusModule.register({ directory: `${directory}/bus` }),
        CatalogueModule.register({ directory: `${directory}/catalogue` }),
      ],
    }).compile();
    const bus = module.get<InspectableEventBus>(EVENT_BUS);
    const old = new OldLedger(module, remains, bus, module.get<Catalogue>(CATALOGUE));
    old.#subscription = bus.subscribe({
      onBlock: (delivery) => old.#pool.offer(STREAM, delivery),
      onAssigned: (lane, epoch) =>
        old.#pool.assigned(lane, epoch, async (deliveries) => (await old.#subscription)?.commit(deliveries)),
      onRevoked: (lane) => old.#pool.revoked(lane),
    });
    await old.#subscription;
    return old;
  }

  /** Accepts and stores lines, so many days ago. */
  async store(daysAgo: number, lines: readonly string[]): Promise<void> {
    const receivedAt = BigInt(NOW - daysAgo * DAY_MS) * 1_000_000n;
    const block = makeBlock(lines, { tenant: 'acme', stream: 'web', source: 'agent', receivedAt });
    this.remains.accepted.set(block.header.id, receivedAt);
    await this.bus.publish([{ blocks: [block] }]);
    await this.bus.whenCommitted([block.header.id], 10_000);
  }

  /** Replays what is in quarantine, or those of the lines, in one order. */
  replay(which: (line: string) => boolean = () => true): Promise<MoveReport> {
    const refused = this.remains.tables.quarantined.filter(({ line }) => which(line));
    const places = refused.map(({ block, row }) => ({ block, row }));
    return this.#pool.move(STREAM, { action: 'job', kind: 'replay', places });
  }

  /** Folds what is too old so many days from now, as the scheduler does. */
  async fold(daysFromNow = 0): Promise<void> {
    const now = NOW + daysFromNow * DAY_MS;
    await this.bus.expire(now, await this.#folder.fold(['acme'], now));
  }

  /** From now on nothing is changed any more, as after `kill -9`. */
  die(): never {
    this.#isDead = true;
    throw new Error('dead');
  }

  async close(): Promise<void> {
    this.#pool.stop();
    await (await this.#subscription)?.stop();
    await this.module.close();
  }

  #watched(party: Party): Catalogue {
    const { catalogue } = this;
    const step = async (): Promise<void> => {
      if (this.#isDead) throw new Error('dead');
      await this.between[party]();
    };
    return {
      read: async (collection, id) => (await step(), catalogue.read(collection, id)),
      scan: async (collection, range) => (await step(), catalogue.scan(collection, range)),
      write: async (changes) => {
        await step();
        const outcomes = await catalogue.write(changes);
        await step();
        return outcomes;
      },
      watch: (collection, changed) => catalogue.watch(collection, changed),
      stop: () => catalogue.stop(),
    };
  }

  #openPool(catalogue: Catalogue): WriterPool {
    const tier = new FakeReplayingTier(
      this.remains.tables,
      (block) => this.remains.accepted.get(block) ?? 0n,
    );
    tier.reach = () => void (this.#isDead && this.die());
    const ids = new ClientIdIndex(catalogue, () => 7);
    const [outcomes, ledger] = [new BlockOutcomes(catalogue), new LedgerWriter(catalogue)];
    const archived = { sealed: async () => undefined };
    const due = new CopiesDue(catalogue);
    const replaying = (): ReplayingTier => tier as Partial<ReplayingTier> as ReplayingTier;
    const mover = new QuarantineMover({
      ...{ tier: replaying, outcomes, ledger, due, reach: () => undefined },
      ...{ moves: new LedgerMoves(catalogue), actions: new QuarantineActions(catalogue) },
      replayer: new Replayer({ tier: replaying, ids, archived, parse: async (block) => withoutMarks(block) }),
    });
    const writer = new BatchWriter({
      ...{ tier, ids, outcomes, ledger, due, logger: new FakeLogger(), reach: () => undefined },
      notices: { tell: () => undefined },
      archived,
      timed: (_tier, write) => write(),
    });
    return new WriterPool({
      settle: async () => {},
      ...{ catalogue, writer, mover, logger: new FakeLogger() },
      settings: () => ({ flushBytes: 1_000, flushIntervalMs: 1 }),
      isPending: (blocks) => this.bus.pendingEvents(blocks) > 0,
      failed: (error) => void this.failed.push(error),
    });
  }
}

/** The block as a mended parser gives it: each line is without its first mark. */
function withoutMarks<T extends { readonly body: Uint8Array }>(block: T): T {
  return { ...block, body: Buffer.from(Buffer.from(block.body).toString().replaceAll(/^!/gm, '')) };
}
