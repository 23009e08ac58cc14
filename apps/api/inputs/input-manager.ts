import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { ChangeQueue } from '#catalogue';
import { formatTimestamp, nowNs } from '#event-model';
import { LOGGER } from '#observability';
import { Problem } from '../problems/problem.js';
import { InputChecks } from './input-checks.js';
import type { InputRecord } from './input-record.js';
import type { InputRunner } from './input-runner.js';
import { InputRunners } from './input-runners.js';
import { InputStore, MAX_INPUTS } from './input-store.js';

/** Milliseconds after which an input that failed is tried again. */
const TRY_AGAIN_MS = 10_000;

/** What an admin says of an input. */
export type InputWish = Pick<InputRecord, 'name' | 'kind' | 'options' | 'sources' | 'enabled'>;
export type InputChange = {
  readonly [K in 'options' | 'sources']?: InputRecord[K] | undefined;
};

/** The inputs of this process. Changes go one after the other. */
@Injectable()
export class InputManager implements OnApplicationShutdown {
  readonly #runners = new Map<string, InputRunner>();
  readonly #changes = new ChangeQueue();
  #tryAgain: NodeJS.Timeout | undefined;
  #ended = false;
  /** Names of those that the boot settings ask for. */
  #wished: ReadonlySet<string> = new Set();
  #unwatch: (() => void) | undefined;
  readonly #notFollowed = (error: unknown): void =>
    this.logger.warn({ err: error }, 'inputs are not yet as another process left them');

  constructor(
    @Inject(InputStore) private readonly store: InputStore,
    @Inject(InputChecks) private readonly checks: InputChecks,
    @Inject(InputRunners) private readonly runners: InputRunners,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    runners.onKinds(() => void this.#followKinds());
  }

  /**
   * Starts the inputs of the catalogue that are enabled, and those that settings ask for. Resolves when each listens or
   * has failed; failed ones are tried again. The oldest comes first, so that a port that two ask for stays with the one
   * that had it.
   *
   * @param wished by the boot settings; one of them that isn't any more stays, and doesn't run
   */
  start(wished: readonly InputWish[]): Promise<void> {
    return this.#changes.run(async () => {
      for (const wish of wished) await this.#settle(wish);
      for (const record of await this.store.list())
        (this.#runners.get(record.name) ?? this.#add(record)).change(record);
      this.#wished = new Set(wished.map(({ name }) => name));
      for (const runner of this.#byAge()) if (this.#isToRun(runner.record)) await runner.start();
      this.#unwatch ??= this.store.watch(() => void this.#follow().catch(this.#notFollowed));
      clearInterval(this.#tryAgain);
      this.#tryAgain = setInterval(() => void this.#startFailed(), TRY_AGAIN_MS);
      this.#tryAgain.unref();
    });
  }

  /** Stops all of them for good. Idempotent. */
  stop(): Promise<void> {
    this.#ended = true;
    this.#unwatch?.();
    clearInterval(this.#tryAgain);
    return this.#changes.run(
      async () => void (await Promise.all(this.list().map((runner) => runner.stop()))),
    );
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** By name. */
  list(): readonly InputRunner[] {
    return [...this.#runners.values()].sort((a, b) => (a.record.name < b.record.name ? -1 : 1));
  }

  /** @throws Problem `input_not_found` */
  find(name: string): InputRunner {
    const runner = this.#runners.get(name);
    if (!runner) throw new Problem('input_not_found', 'There is no input of this name.');
    return runner;
  }

  /** @throws Problem `input_kind_unknown`, `invalid_request`, `tenant_not_found`, `parser_unknown`, `input_exists`, `too_many_inputs` */
  create(wish: InputWish): Promise<InputRunner> {
    return this.#changes.run(async () => {
      this.checks.options(wish.kind, wish.options);
      await this.checks.sources(wish.sources);
      if (this.#runners.size >= MAX_INPUTS)
        throw new Problem('too_many_inputs', `There are ${MAX_INPUTS} inputs already.`);
      const record = newRecord(wish, 'api');
      if (this.#runners.has(record.name) || !(await this.store.create(record)))
        throw new Problem('input_exists', `There is an input named "${record.name}".`);
      const runner = this.#add(record);
      if (record.enabled) await runner.start();
      return runner;
    });
  }

  /**
   * Changes sources at once, without losing a connection; options by a restart of its listeners. Where it can't start with
   * the new options, it goes on with the old ones and nothing was changed.
   *
   * @throws Problem as `create`, and `input_from_settings`, `input_start_failed`
   */
  change(name: string, { options, sources }: InputChange): Promise<InputRunner> {
    return this.#changes.run(async () => {
      const runner = this.find(name);
      const before = runner.record;
      if (options !== undefined) this.checks.options(before.kind, options);
      if (options !== undefined && before.from === 'settings') throw fromSettings(name);
      if (sources !== undefined) await this.checks.sources(sources);
      const updated_at = formatTimestamp(nowNs());
      const after = { ...before, ...(options && { options }), ...(sources && { sources }), updated_at };
      if (options !== undefined && runner.state !== 'stopped') await restart(runner, after);
      await this.store.replace(after);
      runner.change(after);
      return runner;
    });
  }

  /** Starts or stops it, now and at every start of the server. @throws Problem `input_not_found` */
  enable(name: string, enabled: boolean): Promise<InputRunner> {
    return this.#changes.run(async () => {
      const runner = this.find(name);
      const record = { ...runner.record, enabled, updated_at: formatTimestamp(nowNs()) };
      await this.store.replace(record);
      runner.change(record);
      await (enabled ? runner.start() : runner.stop());
      return runner;
    });
  }

  /** Resolves when it is stopped and gone. @throws Problem `input_not_found`, `input_from_settings` */
  remove(name: string): Promise<InputRunner> {
    return this.#changes.run(async () => {
      const runner = this.find(name);
      if (runner.record.from === 'settings') throw fromSettings(name);
      await this.store.remove(name);
      await this.#drop(runner);
      return runner;
    });
  }

  #isToRun({ enabled, from, name }: InputRecord): boolean {
    return enabled && (from === 'api' || this.#wished.has(name));
  }

  /** Brings the inputs to what is kept, where another process changed it. */
  #follow(): Promise<void> {
    return this.#changes.run(async () => {
      if (this.#ended) return;
      const kept = await this.store.list();
      for (const runner of this.list())
        if (!kept.some(({ name }) => name === runner.record.name)) await this.#drop(runner);
      for (const record of kept) await this.#take(record);
    });
  }

  async #take(record: InputRecord): Promise<void> {
    const runner = this.#runners.get(record.name) ?? this.#add(record);
    const before = runner.record;
    // Each process has the options of its own settings.
    const after = record.from === 'settings' ? { ...record, options: before.options } : record;
    runner.change(after);
    if (!this.#isToRun(after)) return runner.state === 'stopped' ? undefined : runner.stop();
    if (runner.state !== 'stopped' && !isDeepStrictEqual(before.options, after.options)) await runner.rest();
    if (runner.state === 'stopped') await runner.start();
  }

  async #drop(runner: InputRunner): Promise<void> {
    await runner.stop();
    this.runners.forget(runner);
    this.#runners.delete(runner.record.name);
  }

  /** The input that settings ask for: as they say, but with the sources and the switch that were changed since. */
  async #settle(wish: InputWish): Promise<void> {
    const known = (await this.store.list()).find(({ name }) => name === wish.name);
    if (known?.from === 'api')
      return this.logger.error({ input: wish.name }, 'an input has the name of one that settings ask for');
    const made = newRecord(wish, 'settings');
    await this.store.replace(known ? { ...known, options: wish.options } : made);
  }

  #add(record: InputRecord): InputRunner {
    const runner = this.runners.make(record, () => void this.#startFailed());
    this.#runners.set(record.name, runner);
    return runner;
  }

  #byAge(): readonly InputRunner[] {
    return this.list().toSorted((a, b) => (a.record.created_at < b.record.created_at ? -1 : 1));
  }

  async #startFailed(): Promise<void> {
    await this.#changes.run(async () => {
      for (const runner of this.#byAge()) if (runner.state === 'failed' && !this.#ended) await runner.start();
    });
  }

  /**
   * Inputs of outside plugins go over to the version that is in force; one that it doesn't start goes on with the one before.
   * Those whose plugin went or came fail or start.
   */
  async #followKinds(): Promise<void> {
    await this.#changes.run(async () => {
      const outdated = this.#ended ? [] : this.#byAge().filter((runner) => runner.isOutdated);
      for (const runner of outdated) await runner.rest();
      for (const runner of outdated) await runner.start();
    });
    await this.#startFailed();
  }
}

function newRecord(wish: InputWish, from: InputRecord['from']): InputRecord {
  const now = formatTimestamp(nowNs());
  return { ...wish, from, created_at: now, updated_at: now };
}

async function restart(runner: InputRunner, after: InputRecord): Promise<void> {
  const before = runner.record;
  await runner.rest();
  runner.change(after);
  await runner.start();
  const { trouble } = runner;
  if (runner.state === 'running' || !trouble) return;
  runner.change(before);
  await runner.start();
  const mend = trouble.mend === undefined ? {} : { mend: trouble.mend };
  throw new Problem('input_start_failed', `${trouble.message} The input goes on as it was.`, mend);
}

function fromSettings(name: string): Problem {
  return new Problem('input_from_settings', `The input "${name}" is made by the boot settings.`);
}
