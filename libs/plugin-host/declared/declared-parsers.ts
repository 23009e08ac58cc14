import type { Logger } from 'pino';
import { ChangeQueue, type Catalogue } from '#catalogue';
import type { ParserPlugin } from '#plugin-kit';
import type { ParserRegistry } from '../parsers/parser-registry.js';
import { buildDeclared, type DeclaredAs } from './build-declared.js';
import {
  DeclarationError,
  type KeptDeclaration,
  type ParserDeclaration,
  type StoredDeclaration,
} from './declaration.js';
import { DeclaredHistory } from './declared-history.js';

const COLLECTION = 'declared-parsers';
/** Most parsers that may be declared. */
export const MAX_DECLARED = 200;

interface Declared {
  readonly stored: StoredDeclaration;
  /** Undefined where this version of the program can make none of it. */
  readonly plugin: ParserPlugin | undefined;
}

/**
 * The parsers that admins declared, kept in the catalogue and brought into the registry: in this process at once, in others
 * within 5 s. They belong to the whole server, as the names of parsers do. Changes go one after the other.
 */
export class DeclaredParsers {
  #all: ReadonlyMap<string, Declared> = new Map();
  readonly #changes = new ChangeQueue();
  readonly #unwatch: () => void;
  readonly #history: DeclaredHistory;

  private constructor(
    private readonly catalogue: Catalogue,
    private readonly registry: ParserRegistry,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {
    this.#history = new DeclaredHistory(catalogue);
    this.#unwatch = catalogue.watch(
      COLLECTION,
      () => void this.#changes.run(() => this.#load()).catch(this.#notLoaded),
    );
  }

  /** Brings in what is declared; resolves when requests and blocks may name it. */
  static async open(
    catalogue: Catalogue,
    registry: ParserRegistry,
    logger: Pick<Logger, 'warn'>,
  ): Promise<DeclaredParsers> {
    const declared = new DeclaredParsers(catalogue, registry, logger);
    await declared.#changes.run(() => declared.#load());
    return declared;
  }

  /** By name. */
  list(): readonly StoredDeclaration[] {
    return [...this.#all.values()].map(({ stored }) => stored);
  }

  find(name: string): StoredDeclaration | undefined {
    return this.#all.get(name)?.stored;
  }

  /** What it was before it was changed: the last four versions, oldest first. */
  history(name: string): Promise<readonly StoredDeclaration[]> {
    return this.#history.list(name);
  }

  /** Makes a parser of a declaration, and keeps nothing. @throws DeclarationError */
  build(declaration: ParserDeclaration, as: DeclaredAs): ParserPlugin {
    return buildDeclared(this.registry.kinds, declaration, as);
  }

  /** Keeps a declaration, new or changed, and brings it in. @throws DeclarationError */
  put(declaration: KeptDeclaration): Promise<StoredDeclaration> {
    return this.#changes.run(async () => {
      const { name } = declaration;
      this.build(declaration, { name });
      if (this.registry.isTaken(name))
        throw new DeclarationError('parser_name_taken', `A plugin brings the parser "${name}" already.`);
      await this.#load();
      if (this.#all.size >= MAX_DECLARED && !this.#all.has(name))
        throw new DeclarationError(
          'too_many_parsers',
          `There are ${MAX_DECLARED} declared parsers, the most there may be.`,
        );
      const before = this.#all.get(name)?.stored;
      const kept = before ? await this.#history.keep(before) : [];
      const change = { collection: COLLECTION, id: name, value: declaration };
      const outcome = (await this.catalogue.write([...kept, change])).at(-1);
      await this.#load();
      return { ...declaration, version: outcome?.version ?? 0 };
    });
  }

  /** Takes a declaration away; what it was, or undefined where there was none. */
  remove(name: string): Promise<StoredDeclaration | undefined> {
    return this.#changes.run(async () => {
      const kept = await this.catalogue.read<KeptDeclaration>(COLLECTION, name);
      if (!kept) return undefined;
      const forgotten = await this.#history.forget(name);
      await this.catalogue.write([...forgotten, { collection: COLLECTION, id: name, value: undefined }]);
      await this.#load();
      return { ...kept.value, version: kept.version };
    });
  }

  /** Stops following the catalogue. */
  close(): void {
    this.#unwatch();
  }

  async #load(): Promise<void> {
    const found = await this.catalogue.scan<KeptDeclaration>(COLLECTION, { limit: MAX_DECLARED * 2 });
    const all = found.map(({ value, version }) => this.#declared({ ...value, version }));
    this.#all = new Map(all.map((one) => [one.stored.name, one]));
    this.registry.setDeclared(all.flatMap(({ plugin }) => plugin ?? []));
  }

  /** What is the same as before is not made again. */
  #declared(stored: StoredDeclaration): Declared {
    const before = this.#all.get(stored.name);
    const isSame =
      before?.stored.version === stored.version && before.stored.changed_at === stored.changed_at;
    if (isSame) return before;
    try {
      return { stored, plugin: this.build(stored, stored) };
    } catch (error) {
      this.logger.warn(
        { err: error, parser: stored.name },
        'a declared parser can not be made: declare it again',
      );
      return { stored, plugin: undefined };
    }
  }

  readonly #notLoaded = (error: unknown): void => {
    this.logger.warn({ err: error }, 'declared parsers could not be read: those before stay in force');
  };
}
