import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE, CatalogueModule, type Catalogue } from '#catalogue';
import {
  BlockGatherer,
  EVENT_BUS,
  EventBusModule,
  type Delivery,
  type InspectableEventBus,
  type Placed,
  type Subscription,
} from '#event-bus';
import { nowNs } from '#event-model';
import {
  BlockOutcomes,
  Ledger,
  LedgerModule,
  LedgerWriter,
  minuteOf,
  ReceiptReader,
  ReceiptSigner,
  ResidueMeter,
} from './index.js';

const BEARER = { tenant: 'acme', keyId: 'k3y4bcde', stream: 'web' };

/** A worker that refuses every fifth row and stores nothing anywhere: only its books are real. */
class BookKeepingWorker {
  #subscription: Promise<Subscription> | undefined;

  constructor(
    private readonly bus: InspectableEventBus,
    private readonly catalogue: Catalogue,
  ) {}

  start(): void {
    const onBlock = (delivery: Delivery) => this.#keep(delivery);
    this.#subscription = this.bus.subscribe({ onBlock, onAssigned: () => {}, onRevoked: () => {} });
  }

  async #keep(delivery: Delivery): Promise<void> {
    const { id, tenant, stream, source, count, offset = 0, receivedAt } = delivery.block.header;
    const minute = minuteOf(receivedAt);
    const rows = Array.from({ length: count }, (_, row) => row).filter((row) => row % 5 === 4);
    const quarantined = rows.map((row) => ({ row, reason: 'not_json' }));
    const none = { deduplicated: [], dropped: {} };
    const place = { tenant, stream, source, receivedMinute: minute };
    const verdicts = { stored: count - rows.length, quarantined: rows.length, deduplicated: 0, dropped: 0 };
    const outcome = { block: id, ...place, count, offset, quarantined, ...none };
    const posting = { tenant, stream, source, minute, ...verdicts };
    await this.catalogue.write([
      ...new BlockOutcomes(this.catalogue).changesFor([outcome]),
      ...(await new LedgerWriter(this.catalogue).changesFor(id, [posting])),
    ]);
    await (await this.#subscription)?.commit([delivery]);
  }
}

describe('the ledger over the embedded engines', () => {
  let directory = '';
  const start = async () => {
    const imports = [
      CatalogueModule.register({ directory: join(directory, 'catalogue') }),
      EventBusModule.register({ directory: join(directory, 'bus') }),
      LedgerModule.register({ secretFile: join(directory, 'receipts.secret') }),
    ];
    const app = await Test.createTestingModule({ imports }).compile();
    const bus = app.get<InspectableEventBus>(EVENT_BUS);
    const worker = new BookKeepingWorker(bus, app.get<Catalogue>(CATALOGUE));
    const gatherer = new BlockGatherer(bus);
    const send = async (count: number): Promise<Placed> => {
      const body = Buffer.from('{"message":"a"}\n'.repeat(count));
      const place = { tenant: 'acme', stream: 'web', source: 'agent', format: 'ndjson' } as const;
      const placement = await gatherer.append({ ...place, body, count, receivedAt: nowNs() });
      if (placement.kind === 'placed') return placement;
      throw new Error('A request without a key was taken for a repeat.');
    };
    return { app, bus, worker, send, ledger: app.get(Ledger), meter: app.get(ResidueMeter) };
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'alluvium-ledger-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('adds up at every moment while four clients send and the worker stores', async () => {
    const { app, worker, send, ledger, meter, bus } = await start();
    worker.start();
    let sent = 0;
    const client = async (): Promise<void> => {
      for (let request = 0; request < 100; request += 1) {
        const count = 1 + ((request * 37) % 600);
        await send(count);
        sent += count;
      }
    };
    let running = true;
    const clients = Promise.all([client(), client(), client(), client()]).finally(() => {
      running = false;
    });
    const residues = new Set<number>();
    while (running) residues.add((await ledger.read('acme')).residue).add(await meter.measure('acme'));
    await clients;
    while (bus.backlog().blocks > 0) await ledger.read('acme');
    expect([...residues]).toEqual([0]);
    const { rows } = await ledger.read('acme');
    const sum = (of: 'received' | 'stored' | 'quarantined' | 'pending'): number =>
      rows.reduce((total, row) => total + row[of], 0);
    expect([sum('received'), sum('stored') + sum('quarantined'), sum('pending')]).toEqual([sent, sent, 0]);
    await app.close();
  });

  it('answers receipts before and after a restart, exactly, of shared and of several blocks', async () => {
    const first = await start();
    const placements = await Promise.all([first.send(7), first.send(12), first.send(12_000), first.send(3)]);
    const signer = first.app.get(ReceiptSigner);
    const receipts = placements.map((placement) => signer.sign(placement, BEARER));
    expect(new Set(placements.map((placement) => placement.first)).size).toBeLessThan(4);
    await first.app.close();
    expect(statSync(join(directory, 'receipts.secret')).mode & 0o777).toBe(0o600);

    const second = await start();
    const read = async (text: string) => {
      const receipt = second.app.get(ReceiptSigner).verify(text, 'acme');
      return receipt && second.app.get(ReceiptReader).read(receipt);
    };
    const waiting = await Promise.all(receipts.map(read));
    expect(waiting.map((verdicts) => verdicts?.pending)).toEqual([7, 12, 12_000, 3]);
    second.worker.start();
    while (second.bus.backlog().blocks > 0) await second.ledger.read('acme');
    const done = await Promise.all(receipts.map(read));
    expect(done.map((verdicts) => verdicts?.pending)).toEqual([0, 0, 0, 0]);
    expect(done[2]).toMatchObject({ accepted: 12_000, stored: 9_600, quarantined: 2_400 });
    expect(done[2]?.refused.slice(0, 2).map(({ index }) => index)).toEqual([4, 9]);
    const shared = [done[0], done[1], done[3]];
    expect(shared.reduce((total, verdicts) => total + (verdicts?.quarantined ?? 0), 0)).toBe(4);
    await second.app.close();
  });
});
