import { AlluviumError, formatTimestamp, nowNs } from '#event-model';
import type { RunTimeValues } from '../definitions/run-time-settings.js';
import { SettingsError, type SettingsProblem } from '../problems.js';
import { applyRecord, patchRecord, type RunTimeRecord } from './run-time-record.js';
import type { RunTimeStore, SettingsChange, StoredSettings } from './run-time-store.js';

/** Changes that are remembered. */
const MAX_CHANGES = 50;

export interface RunTimeSettingsOptions {
  /** What the start gave; counts where nobody changed it. */
  readonly defaults: RunTimeValues;
  readonly store: RunTimeStore;
  /** Told of a stored record that can't be used or read; the values in force stay as they were. */
  readonly onRejected: (error: AlluviumError) => void;
}

/** What a change may say of itself. */
export interface ChangeOptions {
  /** The version that the caller's patch is meant for; absent: whatever is there now. */
  readonly ifVersion?: number;
  /** The key that asks for it; absent: the change is not remembered. */
  readonly by?: { readonly keyId: string; readonly keyName: string };
  /** What speaks against the values as they would be, besides what is wrong with them by themselves. */
  readonly object?: (values: RunTimeValues) => readonly SettingsProblem[];
}

/**
 * The run-time settings in force in this process. One record in the store holds what was changed; every process follows
 * it. A bad record never comes into force.
 *
 * Lifecycle: `current` holds the defaults until `start` has read the record; `stop` is idempotent, legal at any time.
 */
export class RunTimeSettings {
  readonly #options: RunTimeSettingsOptions;
  readonly #listeners = new Set<(values: RunTimeValues) => void>();
  #current: RunTimeValues;
  #record: RunTimeRecord = {};
  #changes: readonly SettingsChange[] = [];
  #version = 0;
  #rejected: AlluviumError | undefined;
  #unwatch: (() => void) | undefined;

  constructor(options: RunTimeSettingsOptions) {
    this.#options = options;
    this.#current = options.defaults;
  }

  /** The values in force; frozen. Read it anew for each use, or listen to `onChange`. */
  get current(): RunTimeValues {
    return this.#current;
  }

  /** Version of the record in force; 0 where nothing was ever changed. */
  get version(): number {
    return this.#version;
  }

  /** Names (`flush_bytes`) of the settings that were changed; the others are what the start gave. */
  get changed(): ReadonlySet<string> {
    return new Set(Object.keys(this.#record));
  }

  /** Who changed what, the last change first; at most 50. */
  get changes(): readonly SettingsChange[] {
    return this.#changes;
  }

  /** Why the stored record isn't in force; undefined where it is. */
  get rejected(): AlluviumError | undefined {
    return this.#rejected;
  }

  /** Reads the record and follows it from now on. Resolves also where the record is bad; see `rejected`. */
  async start(): Promise<void> {
    this.#unwatch ??= this.#options.store.watch(() => void this.#reload());
    await this.#reload();
  }

  stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** Calls back with the new values after each change; returns what ends it. */
  onChange(listener: (values: RunTimeValues) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Changes settings by their names (`flush_bytes`); `null` takes one back to what the start gave. In force here when it
   * resolves, in other processes within 5 s.
   *
   * @throws SettingsError with every problem at once; nothing is changed.
   * @throws AlluviumError `settings_conflict` (retryable) where somebody else changed them meanwhile.
   */
  async update(patch: RunTimeRecord, options: ChangeOptions = {}): Promise<RunTimeValues> {
    const { defaults, store } = this.#options;
    const stored = await store.read();
    const version = stored?.version ?? 0;
    if (options.ifVersion !== undefined && options.ifVersion !== version) throw conflict();
    const record = patchRecord(this.#usable(stored?.value), patch);
    const values = applyRecord(defaults, record, 'request');
    const objections = options.object?.(values) ?? [];
    if (objections.length > 0) throw new SettingsError(objections);
    const changes = changesWith(stored, patch, options);
    if (!(await store.write(record, version, changes))) throw conflict();
    await this.#reload();
    return this.#current;
  }

  /** The stored record, or the last good one where the stored one is bad, so that any good patch mends it. */
  #usable(stored: unknown): RunTimeRecord {
    if (stored === undefined) return {};
    try {
      applyRecord(this.#options.defaults, stored, 'stored record');
      return stored as RunTimeRecord;
    } catch {
      return this.#record;
    }
  }

  async #reload(): Promise<void> {
    try {
      const stored = await this.#options.store.read();
      const version = stored?.version ?? 0;
      // Reads that overlap may end in any order.
      if (version < this.#version) return;
      this.#changes = stored?.changes ?? [];
      this.#take(stored ? stored.value : {}, version);
    } catch (error) {
      this.#reject(error);
    }
  }

  #take(record: unknown, version: number): void {
    const values = applyRecord(this.#options.defaults, record, 'stored record');
    const changed = version !== this.#version;
    this.#rejected = undefined;
    [this.#record, this.#version, this.#current] = [record as RunTimeRecord, version, values];
    if (changed) for (const listener of this.#listeners) listener(values);
  }

  #reject(error: unknown): void {
    this.#rejected = error instanceof AlluviumError ? error : unreadable(error);
    this.#options.onRejected(this.#rejected);
  }
}

function changesWith(
  stored: StoredSettings | undefined,
  patch: RunTimeRecord,
  { by }: ChangeOptions,
): readonly SettingsChange[] {
  const before = stored?.changes ?? [];
  if (!by) return before;
  const change = {
    version: (stored?.version ?? 0) + 1,
    changed_at: formatTimestamp(nowNs()),
    key_id: by.keyId,
    key_name: by.keyName,
    patch,
  };
  return [change, ...before].slice(0, MAX_CHANGES);
}

function conflict(): AlluviumError {
  const message =
    'The settings were changed by somebody else meanwhile. Read them again, then send the change again.';
  return new AlluviumError(message, { code: 'settings_conflict', retryable: true });
}

function unreadable(cause: unknown): AlluviumError {
  const message = 'The record of run-time settings could not be read; the values in force stay as they were.';
  return new AlluviumError(message, { code: 'settings_unreadable', retryable: true, cause });
}
