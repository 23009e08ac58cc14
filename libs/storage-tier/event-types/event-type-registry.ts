import { ChangeQueue, type Catalogue } from '#catalogue';
import type { EventTypeDeclaration } from '#event-model';
import { eventTypeChangeProblems, isSameEventType, nextEventType } from '#plugin-kit';
import {
  changeRefused,
  EventTypeError,
  tooManyTypes,
  tooManyVersions,
  typeExists,
  typeInUse,
  typeNotFound,
  typeOfPlugin,
} from './event-type-error.js';
import {
  newestOf,
  versionOf,
  type ChangedBy,
  type EventTypeRecord,
  type EventTypeVersion,
  type KnownEventType,
} from './event-type-record.js';
import { EventTypeStore } from './event-type-store.js';

/** Where plugins' types are kept; no tenant's name begins so. */
const PLUGINS = '@plugins';
/** Most types that a tenant may declare. */
export const MAX_EVENT_TYPES = 200;
/** Most versions of a type. */
export const MAX_VERSIONS = 100;

/** Told of a plugin whose declaration can't follow the one that tables have: the older one stays in force. */
export type PluginRefused = (name: string, error: EventTypeError) => void;

/**
 * The event types: what plugins declare, for all tenants, and what admins declare, for their own. Every version is kept,
 * since a stream's tables are of an older one until they are changed. Answered from memory, which follows the catalogue.
 */
export class EventTypeRegistry {
  readonly #store: EventTypeStore;
  readonly #listeners = new Set<() => void>();
  #unwatch: () => void = () => undefined;
  readonly #changes = new ChangeQueue();

  /** Before {@link open} it knows what plugins declare, as their first versions. */
  constructor(
    catalogue: Catalogue,
    private readonly plugins: ReadonlyMap<string, EventTypeDeclaration>,
  ) {
    this.#store = new EventTypeStore(catalogue);
  }

  /** Reads what is kept, takes new versions of plugins over, and follows changes of other processes. */
  async open(refused: PluginRefused): Promise<void> {
    await this.#store.read();
    await this.adoptPlugins(refused);
    this.#unwatch = this.#store.watch(() => void this.#follow());
  }

  /** Takes over what plugins declare by now; a change that tables can't follow is refused and told of. */
  async adoptPlugins(refused: PluginRefused): Promise<void> {
    for (const [name, declaration] of this.plugins)
      await this.#changes
        .run(() => this.#adopt(name, declaration))
        .catch((error: unknown) => {
          if (!(error instanceof EventTypeError)) throw error;
          refused(name, error);
        });
  }

  /** The newest version of a type that the tenant may use. */
  get(tenant: string, name: string): EventTypeDeclaration | undefined {
    return this.find(tenant, name)?.declaration;
  }

  /** A type as tables of a version have it. */
  at(tenant: string, name: string, version: number): EventTypeDeclaration | undefined {
    const found = this.find(tenant, name);
    return found && versionOf(found, version);
  }

  /** A type with all its versions: the tenant's own, else a plugin's. */
  find(tenant: string, name: string): KnownEventType | undefined {
    const own = this.#store.get(`${tenant}/${name}`);
    const ownDeclaration = own && newestOf(own);
    if (own && ownDeclaration) return { ...own, origin: 'declared', declaration: ownDeclaration };
    const record = this.#store.get(`${PLUGINS}/${name}`);
    const declaration = (record && newestOf(record)) ?? this.plugins.get(name);
    if (!declaration) return undefined;
    const versions = record?.versions ?? [{ declaration, changed_at: new Date(0).toISOString() }];
    return { versions, origin: 'plugin', declaration };
  }

  /** All types that the tenant may use, by name. */
  list(tenant: string): readonly KnownEventType[] {
    const own = this.#store.idsOf(tenant).map((id) => id.slice(tenant.length + 1));
    const names = [...new Set([...this.plugins.keys(), ...this.#pluginNames(), ...own])].sort();
    return names.flatMap((name) => this.find(tenant, name) ?? []);
  }

  /**
   * Declares a type that has been found good.
   *
   * @throws EventTypeError `event_type_exists`, `too_many_event_types`
   */
  declare(tenant: string, declaration: EventTypeDeclaration, by: ChangedBy): Promise<KnownEventType> {
    const { name } = declaration;
    return this.#changes.run(async () => {
      if (this.find(tenant, name)) throw typeExists(name);
      if (this.#store.idsOf(tenant).length >= MAX_EVENT_TYPES) throw tooManyTypes(MAX_EVENT_TYPES);
      await this.#write(`${tenant}/${name}`, [versionNow(declaration, by)]);
      return this.#known(tenant, name);
    });
  }

  /**
   * Declares the next version of a type of the tenant's own; the same declaration again changes nothing.
   *
   * @throws EventTypeError `event_type_not_found`, `event_type_of_plugin`, `event_type_change_refused`,
   *   `event_type_conflict`, `too_many_versions`
   */
  change(tenant: string, declaration: EventTypeDeclaration, by: ChangedBy): Promise<KnownEventType> {
    const { name } = declaration;
    return this.#changes.run(async () => {
      const record = this.#own(tenant, name);
      await this.#append(`${tenant}/${name}`, record, declaration, by);
      return this.#known(tenant, name);
    });
  }

  /**
   * Takes a type of the tenant's own away. It can't be used any more when `usedBy` is asked for the last time.
   *
   * @throws EventTypeError `event_type_not_found`, `event_type_of_plugin`, `event_type_in_use`
   */
  remove(tenant: string, name: string, usedBy: () => Promise<readonly string[]>): Promise<void> {
    return this.#changes.run(async () => {
      const id = `${tenant}/${name}`;
      const record = this.#own(tenant, name);
      const requireUnused = async (): Promise<void> => {
        const streams = await usedBy();
        if (streams.length > 0) throw typeInUse(name, streams);
      };
      // Before it is hidden, too: streams that have it can't be found meanwhile.
      await requireUnused();
      await this.#store.remove(id, record, requireUnused);
      this.#tell();
    });
  }

  /** Calls back after types changed, in this process or another. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Stops following the catalogue. */
  close(): void {
    this.#unwatch();
    this.#listeners.clear();
  }

  async #adopt(name: string, declaration: EventTypeDeclaration): Promise<void> {
    const id = `${PLUGINS}/${name}`;
    const record = this.#store.get(id);
    if (record) return this.#append(id, record, declaration);
    await this.#write(id, [versionNow(declaration)]);
  }

  async #append(
    id: string,
    record: EventTypeRecord,
    ...[declaration, by]: [declaration: EventTypeDeclaration, by?: ChangedBy]
  ): Promise<void> {
    const before = newestOf(record);
    if (!before || isSameEventType(before, declaration)) return;
    const problems = eventTypeChangeProblems(before, declaration);
    if (problems.length > 0) throw changeRefused(declaration.name, problems);
    if (record.versions.length >= MAX_VERSIONS) throw tooManyVersions(declaration.name, MAX_VERSIONS);
    const next = versionNow(nextEventType(before, declaration), by);
    await this.#write(id, [...record.versions, next]);
  }

  async #write(id: string, versions: readonly EventTypeVersion[]): Promise<void> {
    await this.#store.write(id, { versions });
    this.#tell();
  }

  #own(tenant: string, name: string): EventTypeRecord {
    const own = this.#store.get(`${tenant}/${name}`);
    if (own) return own;
    if (this.find(tenant, name)) throw typeOfPlugin(name);
    throw typeNotFound(name);
  }

  #known(tenant: string, name: string): KnownEventType {
    const known = this.find(tenant, name);
    if (known) return known;
    throw typeNotFound(name);
  }

  #pluginNames(): readonly string[] {
    return this.#store.idsOf(PLUGINS).map((id) => id.slice(PLUGINS.length + 1));
  }

  async #follow(): Promise<void> {
    await this.#changes.run(() => this.#store.read()).catch(() => undefined);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function versionNow(declaration: EventTypeDeclaration, by?: ChangedBy): EventTypeVersion {
  return { declaration, changed_at: new Date().toISOString(), ...(by && { changed_by: by }) };
}
