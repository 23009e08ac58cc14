import type { Exit } from '../support/appliance-process.js';
import { ApiClient } from '../support/api-client.js';
import { StartError } from '../support/start-appliance.js';
import { faultEnvironment, nameFault, type Fault } from './faults.js';
import { ObligationFile } from './obligations.js';
import type { LinePlan } from './oracle-lines.js';
import { Producer, type Load } from './producer.js';
import { OracleTally } from './oracle-report.js';
import type { SystemUnderTest } from './system-under-test.js';
import { verifyStream } from './verification.js';
import { Violations } from './violations.js';

export interface OracleOptions {
  readonly plan: LinePlan;
  readonly faults: readonly Fault[];
  /** Connections that send at once. */
  readonly connections: number;
  /** Rounds after which everything sent since the last time is looked for; the next rounds go to another stream. */
  readonly verifyEvery: number;
  /** Events of a round that may go in large requests; it bounds the data of a run. */
  readonly eventsPerRound: number;
  /** File outside of the system's directories that takes the obligations. */
  readonly obligationsPath: string;
  /** Milliseconds that the backlog has to drain, and the ledger to come to rest. Default 60,000. */
  readonly drainTimeoutMs?: number;
  /** Milliseconds after which a fault point counts as not passed. Default 15,000. */
  readonly pointTimeoutMs?: number;
  /** Told of each step. */
  readonly log: (line: string) => void;
}

/** Declared numbers make lines of a wrong type possible. */
const EVENT_TYPE = 'service-log';
const POINT_TIMEOUT_MS = 30_000;
const TERM_LIMIT_MS = 25_000;
const DRAIN_TIMEOUT_MS = 60_000;

/**
 * Judges a system from outside. Rounds of load, each ended by a fault and followed by a restart on the same data; now
 * and then everything that was acknowledged must be found exactly once.
 */
export class Oracle {
  readonly violations = new Violations();
  readonly tally = new OracleTally();
  private readonly api: ApiClient;
  private readonly obligations: ObligationFile;
  private readonly producers: readonly Producer[];
  private group = 0;

  constructor(
    private readonly system: SystemUnderTest,
    private readonly options: OracleOptions,
  ) {
    this.api = new ApiClient(system);
    this.obligations = new ObligationFile(options.obligationsPath);
    const { plan } = options;
    const context = { plan, api: this.api, obligations: this.obligations, violations: this.violations };
    this.producers = Array.from({ length: options.connections }, (_, i) => new Producer(i, context));
  }

  /** Runs all rounds; the system is left running. */
  async run(): Promise<void> {
    try {
      await this.system.restart();
      await this.openStream();
      for (const [round, fault] of this.options.faults.entries()) await this.runRound(round + 1, fault);
      this.checkFaultsFired();
    } finally {
      this.obligations.close();
    }
  }

  private get stream(): string {
    return `oracle-${this.options.plan.run}-${this.group}`;
  }

  private async openStream(): Promise<void> {
    this.group += 1;
    const { status, body } = await this.api.createStream(this.stream, EVENT_TYPE);
    if (status >= 300) throw new Error(`Creating a stream answered ${status}: ${JSON.stringify(body)}`);
  }

  private async runRound(round: number, fault: Fault): Promise<void> {
    const startedMs = Date.now();
    if (await this.startWith(fault)) await this.loadUntilEnd(fault);
    this.options.log(`round ${round}: ${nameFault(fault)}, ${Date.now() - startedMs} ms`);
    const { verifyEvery, faults } = this.options;
    if (round % verifyEvery === 0 || round === faults.length) await this.verify();
  }

  /** False when the fault ended it while it started, as some points do. */
  private async startWith(fault: Fault): Promise<boolean> {
    try {
      await this.system.restart(faultEnvironment(fault));
      return true;
    } catch (error) {
      const killedItself = error instanceof StartError && error.exit?.signal === 'SIGKILL';
      if (fault.kind !== 'point' || !killedItself) throw error;
      this.tally.fired(nameFault(fault), true);
      return false;
    }
  }

  private async loadUntilEnd(fault: Fault): Promise<void> {
    const load: Load = { stream: this.stream, budget: this.options.eventsPerRound, stopped: false };
    const sending = Promise.all(this.producers.map((producer) => this.send(producer, load)));
    const exit = await this.inflict(fault);
    load.stopped = true;
    await sending;
    this.judgeExit(fault, exit);
  }

  private async send(producer: Producer, load: Load): Promise<void> {
    await producer.repeatUnknown(load.stream);
    await producer.run(load);
  }

  private async inflict(fault: Fault): Promise<Exit | undefined> {
    if (fault.kind === 'point') {
      const exit = await within(this.options.pointTimeoutMs ?? POINT_TIMEOUT_MS, this.system.exited);
      this.tally.fired(nameFault(fault), exit !== undefined);
      return exit ?? this.system.kill();
    }
    await within(fault.afterMs, this.system.exited);
    this.tally.fired(nameFault(fault), true);
    if (fault.kind === 'kill') return this.system.kill();
    return (await within(TERM_LIMIT_MS, this.system.stop('SIGTERM'))) ?? this.killLate();
  }

  private async killLate(): Promise<undefined> {
    await this.system.kill();
  }

  private judgeExit(fault: Fault, exit: Exit | undefined): void {
    const isOrderly = exit?.code === 0;
    const isKilled = exit?.signal === 'SIGKILL';
    if (fault.kind === 'sigterm' ? isOrderly : isKilled) return;
    const how = exit ? `code ${exit.code}, signal ${exit.signal}` : `still running after ${TERM_LIMIT_MS} ms`;
    this.violations.add('bad_exit', `${nameFault(fault)}: ${how}`);
  }

  private async verify(): Promise<void> {
    await this.system.restart();
    await Promise.all(this.producers.map((producer) => producer.repeatUnknown(this.stream)));
    await this.checkLiveness();
    const { api, violations } = this;
    const { plan, drainTimeoutMs = DRAIN_TIMEOUT_MS } = this.options;
    const context = { plan, api, violations, drainTimeoutMs };
    const requests = this.producers.flatMap((producer) => producer.requests);
    const sources = this.producers.map((producer) => producer.source);
    const verified = await verifyStream(context, { stream: this.stream, sources, requests });
    this.tally.verified(requests, verified);
    this.options.log(`${this.stream}: ${this.tally.describe()}; violations: ${violations.total}`);
    for (const producer of this.producers) producer.requests.splice(0);
    await this.openStream();
  }

  /** A system that loses nothing because it takes nothing doesn't pass. */
  private async checkLiveness(): Promise<void> {
    for (const producer of this.producers) {
      const { outcome } = await producer.sendOne(this.stream);
      if (outcome !== 'acked') this.violations.add('not_live', `a fresh event was ${outcome}`);
    }
  }

  private checkFaultsFired(): void {
    for (const name of this.tally.unfired())
      this.violations.add('fault_not_fired', `${name} was never passed`);
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
