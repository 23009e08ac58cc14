import { makeBlock } from '#event-bus/testing';
import type { Delivery } from '#event-bus';
import { MemoryCatalogue } from '#catalogue/testing';
import type { Catalogue } from '#catalogue';
import { BlockOutcomes, LedgerWriter } from '#ledger';
import type { SealedDays, StreamSpec } from '#plugin-kit';
import { CopiesDue, type StoredNotice } from '#storage-tier';
import type { BatchScope, BatchWriterParts } from '../writers/batch-writer.js';
import { ClientIdIndex } from '../writers/client-id-index.js';
import { IngestStateRecord } from '../writers/ingest-state.js';
import { FakeTier } from './fake-tier.js';

export const STREAM: StreamSpec = {
  tenant: 'acme',
  name: 'web',
  eventType: { name: 'log', title: '', description: '', fields: [], sortBy: [], rollUps: [], example: {} },
  keepRaw: 'when_needed',
};

/** The id of {@link STREAM}'s state on lane 0. */
export const STATE = '0/acme/web';

/** A logger that keeps what it is told. */
export class FakeLogger {
  readonly lines: { readonly level: 'warn' | 'error'; readonly text: string; readonly fields: unknown }[] =
    [];
  readonly warn = (fields: unknown, text = ''): void => void this.lines.push({ level: 'warn', text, fields });
  readonly error = (fields: unknown, text = ''): void =>
    void this.lines.push({ level: 'error', text, fields });
}

/** Makes deliveries of one stream with rising positions. */
export function deliveriesOf(stream = STREAM): (...lines: string[]) => Delivery {
  let position = 0;
  return (...lines) => {
    position += 1;
    const block = makeBlock(lines, { tenant: stream.tenant, stream: stream.name });
    return { block, lane: '0', position };
  };
}

/** A delivery of events that a policy left out. */
export function droppedDelivery(policy: string, count: number, stream = STREAM): Delivery {
  const place = { tenant: stream.tenant, stream: stream.name };
  return { block: makeBlock([], { ...place, dropped: policy, count }), lane: '0', position: 1_000 };
}

/** A bus that only takes commits, and fails them as it is told. */
export class FakeCommits {
  readonly ids: string[] = [];
  /** Thrown by the next commit. */
  failure: Error | undefined;

  readonly commit = async (deliveries: readonly Pick<Delivery, 'block'>[]): Promise<void> => {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    this.ids.push(...deliveries.map(({ block }) => block.header.id));
  };
}

/** Everything around a batch writer, over one catalogue and one tier; a second scene over both is a restart. */
export class Scene {
  readonly logger = new FakeLogger();
  readonly commits = new FakeCommits();
  readonly ended = new AbortController();
  readonly reached: string[] = [];
  readonly notices: StoredNotice[] = [];
  /** Days that archives answer for. */
  sealed: SealedDays | undefined;
  /** Thrown at the fault point of this name. */
  dieAt: string | undefined;
  readonly ids: ClientIdIndex;
  readonly parts: BatchWriterParts;

  constructor(
    readonly catalogue: Catalogue = new MemoryCatalogue(),
    readonly tier = new FakeTier(),
  ) {
    this.ids = new ClientIdIndex(catalogue, () => 7);
    this.parts = {
      tier,
      ids: this.ids,
      archived: { sealed: async () => this.sealed },
      outcomes: new BlockOutcomes(catalogue),
      ledger: new LedgerWriter(catalogue),
      due: new CopiesDue(catalogue),
      timed: (_tier, write) => write(),
      notices: { tell: (notice) => void this.notices.push(notice) },
      logger: this.logger,
      reach: (point) => this.#reach(point),
    };
  }

  async scope(epoch = 1): Promise<BatchScope> {
    const state = await IngestStateRecord.open(this.catalogue, STATE, epoch);
    return { state, commit: this.commits.commit, signal: this.ended.signal };
  }

  /** The stream's sum in the ledger. */
  async ledger(): Promise<Record<string, number> | undefined> {
    const stored = await this.catalogue.read<Record<string, number>>('ledger-sums', 'acme/web');
    return stored?.value;
  }

  #reach(point: string): void {
    this.reached.push(point);
    if (point !== this.dieAt) return;
    this.ended.abort(new Error(`died at ${point}`));
    throw this.ended.signal.reason as Error;
  }
}

/** Leaves a batch as a process does that ends before its blocks are committed. */
export async function leave(
  scene: Scene,
  left: readonly Delivery[],
  phase: 'BEFORE' | 'AFTER',
): Promise<void> {
  const { state } = await scene.scope(1);
  await state.before(
    'old',
    left.map(({ block }) => block.header.id),
  );
  if (phase === 'AFTER') await state.after([]);
}
