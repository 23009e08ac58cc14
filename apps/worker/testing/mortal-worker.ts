import { Test, type TestingModule } from '@nestjs/testing';
import { CATALOGUE, CatalogueModule, type Catalogue, type Change } from '#catalogue';
import { EVENT_BUS, EventBusModule, type Delivery, type InspectableEventBus } from '#event-bus';
import { BlockOutcomes, LedgerWriter } from '#ledger';
import type { StreamSpec } from '#plugin-kit';
import { CopiesDue } from '#storage-tier';
import { BLOCKS, EventBusStrategy, type Commit } from '../consumers/event-bus.strategy.js';
import { BatchWriter } from '../writers/batch-writer.js';
import { ClientIdIndex } from '../writers/client-id-index.js';
import { WriterPool } from '../writers/writer-pool.js';
import { FakeMover } from './fake-mover.js';
import { FakeTier, type FakeTables } from './fake-tier.js';
import { FakeLogger } from './scene.js';

export interface MortalWorkerOptions {
  /** Of the bus and the catalogue, which stay after the worker's death. */
  readonly directory: string;
  readonly tables: FakeTables;
  readonly streams: readonly StreamSpec[];
  /** Steps until it dies; infinity for a worker that lives. */
  readonly steps: number;
  /** Kind of step at which it dies the first time that it comes there. */
  readonly dieAt?: string;
}

/** A step without the number of rows that it is about. */
export function kindOf(step: string): string {
  return step.replace(/ \d+$/, '');
}

/**
 * A worker over the real bus and catalogue. Every call that it makes to them or to the tier, and every fault point, is a
 * step; at its last one it dies: that call and all later ones fail, so that it changes nothing any more.
 */
export class MortalWorker {
  readonly logger = new FakeLogger();
  readonly failed: unknown[] = [];
  readonly tier: FakeTier;
  readonly bus: InspectableEventBus;
  readonly catalogue: Catalogue;
  readonly #pool: WriterPool;
  readonly #strategy: EventBusStrategy;
  /** Where it died. */
  diedAt: string | undefined;
  #steps: number;
  readonly #dieAt: string | undefined;

  private constructor(
    private readonly module: TestingModule,
    options: MortalWorkerOptions,
  ) {
    this.#steps = options.steps;
    this.#dieAt = options.dieAt;
    this.bus = module.get<InspectableEventBus>(EVENT_BUS);
    this.catalogue = module.get<Catalogue>(CATALOGUE);
    this.tier = new FakeTier(options.tables);
    this.tier.reach = (call) => this.#step(`tier ${call}`);
    this.#pool = this.#openPool();
    this.#strategy = this.#openStrategy(options.streams);
  }

  static async start(options: MortalWorkerOptions): Promise<MortalWorker> {
    const module = await Test.createTestingModule({
      imports: [
        EventBusModule.register({ directory: `${options.directory}/bus` }),
        CatalogueModule.register({ directory: `${options.directory}/catalogue` }),
      ],
    }).compile();
    const worker = new MortalWorker(module, options);
    await new Promise<void>((resolve, reject) =>
      worker.#strategy.listen((error) => (error ? reject(error as Error) : resolve())),
    );
    return worker;
  }

  /** Resolves when it is dead or everything that was published is committed. */
  async untilDeadOrDone(): Promise<void> {
    while (!this.diedAt && this.bus.backlog().blocks > 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
  }

  async close(): Promise<void> {
    this.#pool.stop();
    await this.#strategy.close();
    await this.module.close();
  }

  #step(at: string): void {
    this.#steps -= 1;
    if (this.#steps === 0 || kindOf(at) === this.#dieAt) this.diedAt ??= at;
    if (this.diedAt) throw new Error(`dead at ${this.diedAt}`);
  }

  #openPool(): WriterPool {
    const catalogue = this.#mortalCatalogue();
    const writer = new BatchWriter({
      tier: this.tier,
      ids: new ClientIdIndex(catalogue, () => 7),
      archived: { sealed: async () => undefined },
      outcomes: new BlockOutcomes(catalogue),
      ledger: new LedgerWriter(catalogue),
      due: new CopiesDue(catalogue),
      notices: { tell: () => undefined },
      timed: (_tier, write) => write(),
      logger: this.logger,
      reach: (point) => this.#step(point),
    });
    return new WriterPool({
      settle: async () => {},
      catalogue,
      writer,
      mover: new FakeMover(),
      settings: () => ({ flushBytes: 60, flushIntervalMs: 1 }),
      isPending: (blocks) => this.bus.pendingEvents(blocks) > 0,
      logger: this.logger,
      failed: (error) => void this.failed.push(error),
    });
  }

  #openStrategy(streams: readonly StreamSpec[]): EventBusStrategy {
    const pool = this.#pool;
    const strategy = new EventBusStrategy(this.bus, {
      assigned: (lane, epoch, commit) => pool.assigned(lane, epoch, this.#mortalCommit(commit)),
      revoked: (lane) => pool.revoked(lane),
    });
    strategy.addHandler(BLOCKS, async (delivery: Delivery) => {
      const stream = streams.find(({ name }) => name === delivery.block.header.stream);
      if (stream) await pool.offer(stream, delivery);
    });
    return strategy;
  }

  #mortalCommit(commit: Commit): Commit {
    return async (deliveries) => {
      this.#step('before commit');
      await commit(deliveries);
      this.#step('after commit');
    };
  }

  #mortalCatalogue(): Catalogue {
    const { catalogue } = this;
    return {
      read: (collection, id) => catalogue.read(collection, id),
      scan: (collection, range) => catalogue.scan(collection, range),
      write: async (changes: readonly Change[]) => {
        this.#step('before write');
        const outcomes = await catalogue.write(changes);
        this.#step('after write');
        return outcomes;
      },
      watch: (collection, changed) => catalogue.watch(collection, changed),
      stop: () => catalogue.stop(),
    };
  }
}
