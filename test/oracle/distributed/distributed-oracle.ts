import { join } from 'node:path';
import { ApiClient } from '../../support/api-client.js';
import { pause, type Exit } from '../../support/appliance-process.js';
import { createSeededRandom, type SeededRandom } from '../../support/seeded-random.js';
import { ObligationFile } from '../obligations.js';
import type { LinePlan } from '../oracle-lines.js';
import { OracleTally } from '../oracle-report.js';
import { Producer, type Load } from '../producer.js';
import { verifyStream } from '../verification.js';
import { Violations } from '../violations.js';
import type { DistributedFault } from './distributed-faults.js';
import type { Member } from './member.js';
import type { DistributedRig } from './rig.js';

export interface DistributedOracleOptions {
  readonly seed: number;
  readonly faults: readonly DistributedFault[];
  /** Connections that send at once, half of them to a stream of tables, half to one of documents. */
  readonly connections: number;
  /** Rounds after which everything sent since the last time is looked for; the next rounds go to other streams. */
  readonly verifyEvery: number;
  /** Events of a round that may go in large requests. */
  readonly eventsPerRound: number;
  /** Takes the file of obligations. */
  readonly directory: string;
  /** Told of each step. */
  readonly log: (line: string) => void;
}

/** Declared numbers make lines of a wrong type possible. */
const EVENT_TYPE = 'service-log';
const STORES = ['search', 'documents'] as const;
const SHORTEST_LOAD_MS = 200;
const LONGEST_LOAD_MS = 1_200;
const LOAD_AFTER_MS = 700;
/** For a key that a killed process had reserved: another takes it after 30 s. */
const ANSWERED_WITHIN_MS = 90_000;
const DRAINED_WITHIN_MS = 90_000;
const RESIDUE_WITHIN_MS = 120_000;
const AGAIN_MS = 250;

/**
 * Judges a distributed appliance from outside, as `Oracle` does one process: rounds of load at both api, each with a fault
 * of a process, an engine or the network between them; now and then all that was acknowledged must be found exactly once.
 */
export class DistributedOracle {
  readonly violations = new Violations();
  readonly tally = new OracleTally();
  private readonly plan: LinePlan;
  private readonly api: ApiClient;
  private readonly obligations: ObligationFile;
  private readonly producers: readonly Producer[];
  private readonly random: SeededRandom;
  private readonly mended: Promise<void>[] = [];
  private group = 0;

  constructor(
    private readonly rig: DistributedRig,
    private readonly options: DistributedOracleOptions,
  ) {
    const { seed, connections, directory } = options;
    const baseMs = Date.now();
    this.plan = { run: `r${seed}t${baseMs.toString(36)}`, seed, baseMs };
    this.random = createSeededRandom(seed, 0x10ad);
    this.api = new ApiClient(rig.target);
    this.obligations = new ObligationFile(join(directory, 'obligations.ndjson'));
    const { plan, obligations, violations } = this;
    this.producers = Array.from({ length: connections }, (_, nth) => {
      const api = new ApiClient(rig.target);
      return new Producer(nth, { plan, api, obligations, violations });
    });
    for (const member of rig.members) member.onUnasked = (ended, exit) => this.mend(ended, exit);
  }

  /** Runs the rounds, up to the first violation; the appliance is left running. */
  async run(): Promise<void> {
    try {
      await this.openStreams();
      for (const [nth, fault] of this.options.faults.entries()) {
        await this.runRound(nth + 1, fault);
        if (this.violations.total > 0) return;
      }
      await this.checkResidue();
    } finally {
      this.obligations.close();
    }
  }

  private streamOf(store: (typeof STORES)[number]): string {
    return `${this.plan.run}-${this.group}-${store}`;
  }

  private async openStreams(): Promise<void> {
    this.group += 1;
    for (const store of STORES) {
      const { status, body } = await this.api.createStream(this.streamOf(store), EVENT_TYPE, store);
      if (status >= 300) throw new Error(`Creating a stream answered ${status}: ${JSON.stringify(body)}`);
    }
  }

  private async runRound(round: number, fault: DistributedFault): Promise<void> {
    this.violations.where = `seed ${this.options.seed}, round ${round} (${fault.name}): `;
    const startedMs = Date.now();
    await this.loadThrough(fault);
    this.options.log(`round ${round}: ${fault.name}, ${Date.now() - startedMs} ms`);
    const { verifyEvery, faults } = this.options;
    if (round % verifyEvery === 0 || round === faults.length) await this.verify();
  }

  private async loadThrough(fault: DistributedFault): Promise<void> {
    const budget = Math.floor(this.options.eventsPerRound / STORES.length);
    const loads = STORES.map((store): Load => ({ stream: this.streamOf(store), budget, stopped: false }));
    const sending = this.producers.map(async (producer, nth) => {
      const load = loads[nth % loads.length];
      if (!load) return;
      await producer.repeatUnknown(load.stream);
      await producer.run(load);
    });
    try {
      await pause(SHORTEST_LOAD_MS + this.random.below(LONGEST_LOAD_MS - SHORTEST_LOAD_MS));
      await fault.inflict(this.rig, this.random);
      this.tally.fired(fault.name, true);
      await pause(LOAD_AFTER_MS);
    } catch (error) {
      this.violations.add('bad_start', String(error));
    } finally {
      for (const load of loads) load.stopped = true;
      await Promise.all(sending);
    }
  }

  /** As systemd or Docker would: what ended is started again. Only by SIGKILL, its own, may a process end unasked. */
  private mend(member: Member, { code, signal }: Exit): void {
    this.options.log(`${member.name} ended by itself: code ${code}, signal ${signal}`);
    if (signal !== 'SIGKILL')
      this.violations.add('bad_exit', `${member.name}: code ${code}, signal ${signal}`);
    this.mended.push(
      member.start().catch((error: unknown) => this.violations.add('bad_start', String(error))),
    );
  }

  private async verify(): Promise<void> {
    await Promise.all(this.mended.splice(0));
    const { api, plan, violations } = this;
    for (const [nth, store] of STORES.entries()) {
      const producers = this.producers.filter((_, of) => of % STORES.length === nth);
      await this.settle(producers, this.streamOf(store));
      const requests = producers.flatMap((producer) => producer.requests);
      const sources = producers.map((producer) => producer.source);
      const context = { plan, api, violations, drainTimeoutMs: DRAINED_WITHIN_MS };
      const verified = await verifyStream(context, { stream: this.streamOf(store), sources, requests });
      this.tally.verified(requests, verified);
      for (const producer of producers) producer.requests.splice(0);
    }
    this.options.log(`${this.tally.describe()}; violations: ${violations.total}`);
    await this.openStreams();
  }

  /** Sends what has a key until it is answered, and fresh events until one is taken. */
  private async settle(producers: readonly Producer[], stream: string): Promise<void> {
    const until = Date.now() + ANSWERED_WITHIN_MS;
    for (const producer of producers) {
      const isOpen = (): boolean =>
        producer.requests.some(({ outcome, idempotencyKey }) => outcome === 'unknown' && idempotencyKey);
      for (; isOpen() && Date.now() < until; await pause(AGAIN_MS)) await producer.repeatUnknown(stream);
      if (isOpen()) this.violations.add('not_live', `a request of ${producer.source} was never answered`);
      while ((await producer.sendOne(stream)).outcome !== 'acked' && Date.now() < until)
        await pause(AGAIN_MS);
      if (producer.requests.at(-1)?.outcome !== 'acked')
        this.violations.add('not_live', `no fresh event of ${producer.source} was taken`);
    }
  }

  /** The ledger of the scheduler comes to rest at 0. */
  private async checkResidue(): Promise<void> {
    const until = Date.now() + RESIDUE_WITHIN_MS;
    let residue = await this.residue();
    for (; residue !== 0 && Date.now() < until; residue = await this.residue()) await pause(AGAIN_MS);
    this.options.log(`residue: ${residue}`);
    if (residue !== 0) this.violations.add('ledger', `the residue is ${residue}`);
  }

  private async residue(): Promise<number> {
    const text = await new ApiClient(this.rig.targetOf(this.rig.scheduler)).metrics().catch(() => '');
    return Number(/^alluvium_ledger_residue_events{tenant="default"} (\S+)$/m.exec(text)?.[1] ?? Number.NaN);
  }
}
