import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CatalogueError, type Catalogue } from '#catalogue';
import { openMongoCatalogue } from '#catalogue/testing';
import { primaryOf, startTestMongodb } from '../../support/test-mongodb.js';

const set = await startTestMongodb({ members: 3 });
afterAll(() => set.stop());

/** What was acknowledged of writes that go on until they are told to end. */
class Load {
  readonly ids: string[] = [];
  /** Versions of the counter that somebody was told to have written. */
  readonly versions: number[] = [];
  unknown = 0;
  /** Errors that none of these calls may end in. */
  readonly wrong: unknown[] = [];
  #ends = false;
  readonly #work: Promise<unknown>;

  constructor(catalogues: readonly Catalogue[]) {
    const writers = catalogues.flatMap((catalogue, nth) => [
      this.#append(catalogue, nth),
      this.#count(catalogue),
    ]);
    this.#work = Promise.all(writers);
  }

  async end(): Promise<void> {
    this.#ends = true;
    await this.#work;
  }

  /** Resolves when as many more were acknowledged. */
  async goesOn(more = 30): Promise<void> {
    const [ids, versions] = [this.ids.length + more, this.versions.length + more];
    await vi.waitUntil(() => this.ids.length >= ids && this.versions.length >= versions, 60_000);
  }

  async #append(catalogue: Catalogue, nth: number): Promise<void> {
    for (let i = 0; !this.#ends; i += 1) {
      const ids = [`${nth}/${i}/a`, `${nth}/${i}/b`];
      const changes = ids.map((id) => ({ collection: 'row', id, value: id, ifVersion: 0 }));
      await this.#try(async () => {
        await catalogue.write(changes);
        this.ids.push(...ids);
      });
    }
  }

  async #count(catalogue: Catalogue): Promise<void> {
    while (!this.#ends)
      await this.#try(async () => {
        const { version = 0, value = 0 } = (await catalogue.read<number>('counters', 'n')) ?? {};
        const change = { collection: 'counters', id: 'n', value: value + 1, ifVersion: version };
        const [outcome] = await catalogue.write([change]);
        if (outcome?.kind === 'written') this.versions.push(outcome.version);
      });
  }

  /** An error that is retryable leaves it unknown what was written. */
  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof CatalogueError)) this.wrong.push(error);
      this.unknown += 1;
      await pause(50);
    }
  }
}

async function expectKept({ ids, versions, unknown, wrong }: Load, catalogue: Catalogue): Promise<void> {
  expect(wrong).toEqual([]);
  expect(new Set(versions).size).toBe(versions.length);
  const counter = await catalogue.read<number>('counters', 'n');
  expect(counter?.value).toBe(counter?.version);
  expect(counter?.version).toBeGreaterThanOrEqual(versions.length);
  expect(counter?.version).toBeLessThanOrEqual(versions.length + unknown);
  const found = new Set((await catalogue.scan('row', { limit: 1_000_000 })).map(({ id }) => id));
  expect(ids.filter((id) => !found.has(id))).toEqual([]);
}

describe.runIf(set.nodes.length > 0)('a replica set of three under writes of two processes', () => {
  it('loses nothing that was acknowledged and lets nobody win twice, its primary killed, then another one frozen', async () => {
    const place = set.place();
    const both = [await openMongoCatalogue(place), await openMongoCatalogue(place)] as const;
    const load = new Load(both);
    await load.goesOn();

    const killed = await primaryOf(set);
    await killed.end('SIGKILL');
    await load.goesOn();
    await expect.poll(() => both[0].status().members, { timeout: 15_000 }).toEqual({ alive: 2, known: 3 });
    await killed.start();

    const frozen = await primaryOf(set);
    process.kill(frozen.pid ?? 0, 'SIGSTOP');
    await load.goesOn();
    process.kill(frozen.pid ?? 0, 'SIGCONT');
    await load.goesOn();
    await load.end();
    await expectKept(load, both[1]);
    await expect
      .poll(() => both[0].status(), { timeout: 15_000 })
      .toMatchObject({
        engine: 'mongodb',
        members: { alive: 3, known: 3 },
      });
    await Promise.all(both.map((each) => each.stop()));
  }, 180_000);

  it('says how far a member is behind that applies nothing, until it does again', async () => {
    const catalogue = await openMongoCatalogue(set.place());
    let isOver = false;
    const writes = (async () => {
      for (let n = 0; !isOver; n++) {
        await catalogue.write([{ collection: 'lag', id: 'n', value: n }]).catch(() => undefined);
        await pause(100);
      }
    })();
    const lags = () => catalogue.status().lag ?? new Map<string, number>();
    const most = () => Math.max(-1, ...lags().values());
    await expect.poll(() => lags().size, { timeout: 30_000 }).toBe(2);
    const primary = await primaryOf(set);
    const behind = set.nodes.find((node) => node !== primary);
    const { MONGODB_USER = '', MONGODB_PASSWORD = '' } = set.nodes[0]?.variables ?? {};
    const address = `127.0.0.1:${behind?.ports[set.nodes.indexOf(behind)]}`;
    const auth = { username: MONGODB_USER, password: MONGODB_PASSWORD };
    const member = new MongoClient(`mongodb://${address}/?directConnection=true`, { auth });
    const stopApplying = (mode: string) =>
      member.db('admin').command({ configureFailPoint: 'rsSyncApplyStop', mode });
    await stopApplying('alwaysOn');
    await expect.poll(() => lags().get(address) ?? 0, { timeout: 60_000 }).toBeGreaterThan(4);
    await stopApplying('off');
    await expect.poll(most, { timeout: 60_000 }).toBeLessThan(2);
    isOver = true;
    await writes;
    await Promise.all([member.close(), catalogue.stop()]);
  }, 180_000);

  it('is out without a majority, says so, and takes writes again when it has one', async () => {
    const problems: (string | undefined)[] = [];
    const catalogue = await openMongoCatalogue(set.place(), problems);
    const change = (id: string) => ({ collection: 'things', id, value: id });
    await catalogue.write([change('a')]);
    await Promise.all(set.nodes.slice(1).map((node) => node.end('SIGKILL')));
    await expect.poll(() => problems.at(-1), { timeout: 30_000 }).toMatch(/MONGODB_URI/);
    await expect(catalogue.write([change('b')])).rejects.toMatchObject({ retryable: true });
    await Promise.all(set.nodes.slice(1).map((node) => node.start()));
    await expect.poll(() => catalogue.status().fault, { timeout: 30_000 }).toBeUndefined();
    expect(await catalogue.write([change('c')])).toEqual([{ kind: 'written', version: 1 }]);
    expect((await catalogue.scan('things')).map(({ id }) => id)).toEqual(expect.arrayContaining(['a', 'c']));
    await catalogue.stop();
  }, 120_000);
});
