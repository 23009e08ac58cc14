import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ChangeQueue, type Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import {
  NotifyError,
  type Notification,
  type NotificationSeverity,
  type Notifier,
  type NotifierContext,
  type NotifierPlugin,
} from '#plugin-kit';
import { NotifierRunner, type NotifierCounts, type NotifierTrouble } from './notifier-runner.js';

const COLLECTION = 'notifiers';
/** Most notifiers of a server. */
export const MAX_NOTIFIERS = 20;

/** A notifier as the catalogue keeps it. */
export interface NotifierRecord {
  readonly name: string;
  /** Name of its plugin without the kind: `webhook`. */
  readonly kind: string;
  /** As given; the plugin's schema fills in the rest. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Less than this isn't told. */
  readonly severity: NotificationSeverity;
  /** RFC 3339. */
  readonly created_at: string;
  readonly updated_at: string;
}

type NotifierWish = Omit<NotifierRecord, 'created_at' | 'updated_at'>;

export interface NotifiersParts {
  readonly catalogue: Catalogue;
  /** By the names of their kinds. */
  readonly plugins: ReadonlyMap<string, NotifierPlugin>;
  readonly context: Omit<NotifierContext<unknown>, 'options'>;
  readonly now: () => number;
  /** Told of a notification that was not taken. */
  readonly failed: (name: string, error: unknown, notification: Notification) => void;
}

/** A notifier can't be kept as asked. */
export class NotifierError extends AlluviumError {
  constructor(code: 'too_many_notifiers', message: string) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}

/** A notifier and how it is doing. */
export interface NotifierStatus {
  readonly record: NotifierRecord;
  readonly counts: NotifierCounts;
  readonly trouble: NotifierTrouble | undefined;
}

interface Running {
  readonly record: NotifierRecord;
  readonly runner: NotifierRunner;
  /** What it was made of, or last refused to be made of. */
  plugin: NotifierPlugin | undefined;
}

/** The notifiers of this process. Changes go one after the other. */
export class Notifiers {
  readonly #running = new Map<string, Running>();
  readonly #changes = new ChangeQueue();
  #unwatch: (() => void) | undefined;

  constructor(private readonly parts: NotifiersParts) {}

  /** Takes up those of the catalogue, and what other processes change of them. */
  async start(): Promise<void> {
    this.#unwatch ??= this.parts.catalogue.watch(
      COLLECTION,
      () => void this.#follow().catch(() => undefined),
    );
    await this.#follow();
  }

  /** By name. */
  list(): readonly NotifierStatus[] {
    const all = [...this.#running.values()].sort((a, b) => (a.record.name < b.record.name ? -1 : 1));
    return all.map(({ record, runner }) => ({ record, counts: runner.counts, trouble: runner.trouble }));
  }

  /** Makes or changes one; its counters begin anew. @throws NotifierError `too_many_notifiers` */
  async put(wish: NotifierWish): Promise<NotifierStatus> {
    const { record, runner, before } = await this.#changes.run(() => this.#put(wish));
    // The new one is told of what happens meanwhile.
    await before?.runner.close();
    return { record, counts: runner.counts, trouble: undefined };
  }

  /** Takes one away; nothing happens where there is none. */
  async remove(name: string): Promise<void> {
    const before = await this.#changes.run(async () => {
      await this.parts.catalogue.write([{ collection: COLLECTION, id: name, value: undefined }]);
      const running = this.#running.get(name);
      this.#running.delete(name);
      return running;
    });
    await before?.runner.close();
  }

  /**
   * Takes up plugins that came, went or were replaced. Where a new version doesn't take a notifier's options, the one before
   * goes on.
   */
  async review(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => this.#review(running)));
  }

  /** Tells all of them. */
  tell(notification: Notification): void {
    for (const { runner } of this.#running.values()) runner.offer(notification);
  }

  /** Sends a test by one of them. @throws NotifyError */
  async test(name: string): Promise<void> {
    await this.#running.get(name)?.runner.test({
      id: randomUUID(),
      time: new Date().toISOString(),
      status: 'test',
      kind: 'test',
      key: 'test',
      severity: 'info',
      title: 'A test of Alluvium',
      text: 'Somebody tries this notifier.',
      facts: { notifier: name },
    });
  }

  /** Resolves when nothing waits to be told. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ runner }) => runner.idle()));
  }

  async close(): Promise<void> {
    this.#unwatch?.();
    await Promise.all([...this.#running.values()].map(({ runner }) => runner.close()));
  }

  /** Brings those that run to what is kept. */
  async #follow(): Promise<void> {
    const before = await this.#changes.run(async () => {
      const found = await this.parts.catalogue.scan<NotifierRecord>(COLLECTION, { limit: MAX_NOTIFIERS });
      const kept = new Map(found.map(({ value }) => [value.name, value]));
      const isKept = ({ record }: Running): boolean => isDeepStrictEqual(kept.get(record.name), record);
      const outdated = [...this.#running.values()].filter((running) => !isKept(running));
      for (const { record } of outdated) this.#running.delete(record.name);
      for (const record of kept.values()) if (!this.#running.has(record.name)) this.#run(record);
      return outdated;
    });
    await Promise.all(before.map(({ runner }) => runner.close()));
  }

  async #put(wish: NotifierWish): Promise<Running & { readonly before: Running | undefined }> {
    const before = this.#running.get(wish.name);
    if (!before && this.#running.size >= MAX_NOTIFIERS)
      throw new NotifierError(
        'too_many_notifiers',
        `There are ${MAX_NOTIFIERS} notifiers, the most there may be.`,
      );
    const now = new Date().toISOString();
    const record = { ...wish, created_at: before?.record.created_at ?? now, updated_at: now };
    await this.parts.catalogue.write([{ collection: COLLECTION, id: wish.name, value: record }]);
    return { ...this.#run(record), before };
  }

  #run(record: NotifierRecord): Running {
    const { name, severity } = record;
    const { now, failed } = this.parts;
    const plugin = this.parts.plugins.get(record.kind);
    const notifier = this.#create(record, plugin);
    const runner = new NotifierRunner({
      ...{ notifier, severity, now },
      failed: (error, notification) => failed(name, error, notification),
    });
    const running = { record, runner, plugin };
    this.#running.set(name, running);
    return running;
  }

  async #review(running: Running): Promise<void> {
    const { record, runner } = running;
    const plugin = this.parts.plugins.get(record.kind);
    if (plugin === running.plugin) return;
    running.plugin = plugin;
    if (plugin && !plugin.notifier.options.safeParse(record.options).success) runner.note(notTaken(record));
    else await runner.replace(this.#create(record, plugin));
  }

  /** One whose plugin is gone, or takes its options no more, fails at each notification and says why. */
  #create(record: NotifierRecord, plugin: NotifierPlugin | undefined): Notifier {
    try {
      if (plugin) return plugin.notifier.create({ ...this.parts.context, options: record.options });
    } catch {
      // Told with the first notification.
    }
    return { notify: () => Promise.reject(notTaken(record)), close: async () => {} };
  }
}

function notTaken({ kind }: NotifierRecord): NotifyError {
  return new NotifyError(`No plugin takes the kind ${kind} with these options.`, {
    retryable: false,
    mend: 'Install a plugin that does, or change the options: GET /api/v1/notifiers says what a kind takes.',
  });
}
