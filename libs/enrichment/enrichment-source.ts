import { hash } from 'node:crypto';
import { AlluviumError } from '#event-model';
import type { HostedEnricher, HostedEnricherPlugin, TakenOut } from '#plugin-host';
import { EnricherDataError, type EnricherData, type EnricherMistake } from '#plugin-kit';
import { ABSENT, type EnrichmentFiles } from './enrichment-files.js';
import { GuardedEnricher } from './guarded-enricher.js';

/** Milliseconds after which data that could not be opened is tried again, though its files are the same. */
const RETRY_MS = 60_000;

/** Which data: equal ones share one. */
export interface SourceId {
  readonly tenant: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface SourceParts {
  /** Undefined where no plugin brings the kind. */
  readonly plugin: HostedEnricherPlugin | undefined;
  readonly files: Pick<EnrichmentFiles, 'read' | 'stamp'>;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Told of the files of data that was opened: SHA-256, hex, by their names. */
  readonly opened?: (id: SourceId, files: ReadonlyMap<string, string>) => void;
  /** Told of data that can't be opened, and of look-ups that fail. */
  readonly troubled: (id: SourceId, error: unknown) => void;
}

/** What went wrong last. */
export interface SourceTrouble {
  /** RFC 3339. */
  readonly at: string;
  readonly mistakes: readonly EnricherMistake[];
}

/**
 * One version after the other of some data. The version in use stays until the next one is open: data that can't be opened
 * takes nothing away.
 */
export class EnrichmentSource {
  #enricher: GuardedEnricher | undefined;
  #data: EnricherData | undefined;
  #loadedAt: string | undefined;
  #trouble: SourceTrouble | undefined;
  /** Of the files of the last try, by their names. */
  #stamps: ReadonlyMap<string, string> = new Map();
  /** Files that were others at the last look, and are not tried yet. */
  #seen = '';
  #triedAt = 0;
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;
  #plugin: HostedEnricherPlugin | undefined;

  constructor(
    readonly id: SourceId,
    private readonly parts: SourceParts,
  ) {
    this.#plugin = parts.plugin;
  }

  /** What answers now; undefined where nothing could be opened yet. */
  get enricher(): GuardedEnricher | undefined {
    return this.#enricher;
  }

  get data(): EnricherData | undefined {
    return this.#data;
  }

  /** When the data in use was opened: RFC 3339. */
  get loadedAt(): string | undefined {
    return this.#loadedAt;
  }

  /** Why the last try failed; undefined where it didn't. */
  get trouble(): SourceTrouble | undefined {
    const takenOut = this.#enricher?.takenOut;
    return takenOut ? suspension(takenOut) : this.#trouble;
  }

  /** Resolves when tries under way are done. */
  get settled(): Promise<void> {
    return this.#work;
  }

  /** Opens the data as it is now; resolves when that is done or failed, after tries before it. */
  load(): Promise<void> {
    this.#work = this.#work.then(() => this.#load());
    return this.#work;
  }

  /** Opens the data anew where its files changed and then stayed the same for two looks: a copy under way is not read. */
  async look(): Promise<void> {
    if (this.#trouble && this.parts.now() - this.#triedAt > RETRY_MS) return this.load();
    const now = await this.#stampsNow();
    const isNew = [...now].some(([name, stamp]) => this.#stamps.get(name) !== stamp);
    const seen = isNew ? JSON.stringify([...now]) : '';
    const isSettled = isNew && seen === this.#seen;
    this.#seen = isSettled ? '' : seen;
    return isSettled ? this.load() : undefined;
  }

  /**
   * Goes on with another version of its plugin: the one before answers until the data is open in the new one. Without a plugin
   * nothing answers any more.
   */
  async take(plugin: HostedEnricherPlugin | undefined): Promise<void> {
    if (plugin === this.#plugin || this.#isClosed) return;
    this.#plugin = plugin;
    if (!plugin) this.#drop();
    return this.load();
  }

  /** Gives the data back; what is under way gives its own back when it is done. */
  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #drop(): void {
    this.#enricher?.close();
    this.#enricher = undefined;
  }

  async #stampsNow(): Promise<ReadonlyMap<string, string>> {
    const names = [...this.#stamps.keys()];
    const stamps = names.map(
      async (name) => [name, await this.parts.files.stamp(this.id.tenant, name)] as const,
    );
    return new Map(await Promise.all(stamps));
  }

  async #load(): Promise<void> {
    const stamps = new Map<string, string>();
    const digests = new Map<string, string>();
    this.#triedAt = this.parts.now();
    const plugin = this.#plugin;
    let made: HostedEnricher | undefined;
    try {
      made = this.#create(stamps, digests);
      const data = await made.open();
      // Another version of the plugin came meanwhile, and opens the data behind this one.
      if (plugin === this.#plugin) this.#use(made, data);
      else giveBack(made);
      this.parts.opened?.(this.id, digests);
    } catch (error) {
      giveBack(made);
      this.#trouble = { at: new Date().toISOString(), mistakes: mistakesOf(error) };
      this.parts.troubled(this.id, error);
    }
    this.#stamps = stamps;
  }

  #create(stamps: Map<string, string>, digests: Map<string, string>): HostedEnricher {
    const { files } = this.parts;
    const plugin = this.#plugin;
    const { kind, tenant, options } = this.id;
    if (!plugin)
      throw new EnricherDataError([
        { option: 'kind', what: `No plugin brings the kind ${kind}.`, mend: 'Install it.' },
      ]);
    const readFile = async (name: string, most: number): Promise<Uint8Array> => {
      stamps.set(name, await files.stamp(tenant, name).catch(() => ABSENT));
      const { bytes, stamp } = await files.read(tenant, name, most);
      stamps.set(name, stamp);
      if (this.parts.opened) digests.set(name, hash('sha256', bytes, 'hex'));
      return bytes;
    };
    return plugin.enricher.create({ options, readFile });
  }

  #use(made: HostedEnricher, data: EnricherData): void {
    if (this.#isClosed) return made.close();
    const before = this.#enricher;
    const { now, troubled } = this.parts;
    this.#enricher = new GuardedEnricher(made, { now, failed: (error) => troubled(this.id, error) });
    this.#data = data;
    this.#loadedAt = new Date().toISOString();
    this.#trouble = undefined;
    before?.close();
  }
}

function giveBack(made: HostedEnricher | undefined): void {
  try {
    made?.close();
  } catch {
    // Why it could not be opened is what is told.
  }
}

function suspension({ at, why }: TakenOut): SourceTrouble {
  const mend = 'Mend it and trust the new version, or let it try again: POST /api/v1/plugins/reload.';
  return { at, mistakes: [{ option: 'kind', what: `The plugin was taken out: ${why}.`, mend }] };
}

function mistakesOf(error: unknown): readonly EnricherMistake[] {
  if (error instanceof EnricherDataError) return error.mistakes;
  const what = error instanceof AlluviumError ? error.message : 'The data can not be opened.';
  return [
    { option: 'options', what, mend: 'Mend the file or the options; the log of the server says more.' },
  ];
}
