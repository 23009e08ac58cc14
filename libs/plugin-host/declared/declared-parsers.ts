import type { Logger } from 'pino';
import { ChangeQueue, type Catalogue } from '#catalogue';
import { retireMade, type MadeParser } from '../parsers/made-parser.js';
import type { OutsideParser } from '../outside/outside-parser.js';
import type { ParserRegistry } from '../parsers/parser-registry.js';
import { buildDeclared, requireKind, type DeclaredAs } from './build-declared.js';
import {
  DeclarationError,
  type KeptDeclaration,
  type ParserDeclaration,
  type StoredDeclaration,
} from './declaration.js';
import { DeclaredHistory } from './declared-history.js';
import { DeclaredMaker, type Declared, type Prepared } from './declared-maker.js';

const COLLECTION = 'declared-parsers';
/** Most parsers that may be declared. */
export const MAX_DECLARED = 200;
/** Most of them that may be made by outside plugins: each has a process of some 60 MB. */
export const MAX_DECLARED_OUTSIDE = 16;

/**
 * The parsers that admins declared, kept in the catalogue and brought into the registry: in this process at once, in others
 * within 5 s. They belong to the whole server, as the names of parsers do. Changes go one after the other.
 */
export class DeclaredParsers {
  #all: ReadonlyMap<string, Declared> = new Map();
  readonly #changes = new ChangeQueue();
  readonly #unwatch: () => void;
  readonly #history: DeclaredHistory;
  readonly #maker: DeclaredMaker;

  private constructor(
    private readonly catalogue: Catalogue,
    private readonly registry: ParserRegistry,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {
    this.#history = new DeclaredHistory(catalogue);
    this.#maker = new DeclaredMaker(registry, logger);
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

  /** Why no parser is made of a declaration, or why it isn't made by what its plugin is now; undefined where all is well. */
  trouble(name: string): string | undefined {
    return this.#all.get(name)?.trouble;
  }

  /** What it was before it was changed: the last four versions, oldest first. */
  history(name: string): Promise<readonly StoredDeclaration[]> {
    return this.#history.list(name);
  }

  /** Whether the kind of a declaration is there. */
  hasKind({ kind }: ParserDeclaration): boolean {
    return this.registry.kinds.has(kind);
  }

  /** Makes a parser of a declaration, and keeps nothing; it has to be let go by `retireMade`. @throws DeclarationError */
  build(declaration: ParserDeclaration, as: DeclaredAs): Promise<MadeParser> {
    return buildDeclared(this.registry.kinds, declaration, as);
  }

  /**
   * Keeps a declaration, new or changed, and brings it in.
   *
   * @param ifVersion that the change is meant for, 0 where there is to be none; absent: any
   * @throws DeclarationError
   */
  put(declaration: KeptDeclaration, ifVersion?: number): Promise<StoredDeclaration> {
    return this.#changes.run(async () => {
      const { name } = declaration;
      await this.#load();
      const before = this.#all.get(name)?.stored;
      requireVersion(before?.version ?? 0, ifVersion);
      this.#requireRoom(declaration);
      const as = { name, version: (before?.version ?? 0) + 1 };
      const prepared = { as, made: await this.build(declaration, as) };
      try {
        const kept = before ? await this.#history.keep(before) : [];
        const change = { collection: COLLECTION, id: name, value: declaration };
        const outcome = (await this.catalogue.write([...kept, change])).at(-1);
        await this.#load({ prepared });
        return { ...declaration, version: outcome?.version ?? 0 };
      } finally {
        if (this.#all.get(name)?.made !== prepared.made) retireMade(prepared.made);
      }
    });
  }

  /**
   * Takes a declaration away; what it was, or undefined where there was none.
   *
   * @param ifVersion that is to be taken away; absent: any
   * @throws DeclarationError `parser_conflict`
   */
  remove(name: string, ifVersion?: number): Promise<StoredDeclaration | undefined> {
    return this.#changes.run(async () => {
      const kept = await this.catalogue.read<KeptDeclaration>(COLLECTION, name);
      if (!kept) return undefined;
      requireVersion(kept.version, ifVersion);
      const forgotten = await this.#history.forget(name);
      await this.catalogue.write([...forgotten, { collection: COLLECTION, id: name, value: undefined }]);
      await this.#load();
      return { ...kept.value, version: kept.version };
    });
  }

  /**
   * Makes what is declared of outside plugins by what those are now, and gives what was taken out another chance. A version
   * that makes none of a declaration leaves the one before at work. Never rejects.
   */
  review(): Promise<void> {
    for (const live of this.#running()) live.resume();
    return this.#changes.run(() => this.#load({ again: true })).catch(this.#notLoaded);
  }

  /** Stops following the catalogue. */
  close(): void {
    this.#unwatch();
  }

  /** Ends what runs in processes of its own. */
  async end(): Promise<void> {
    await Promise.all(this.#running().map((live) => live.close()));
  }

  #running(): readonly OutsideParser[] {
    return [...this.#all.values()].flatMap(({ made }) => (made?.runs === 'outside' ? made.source.live : []));
  }

  /** @throws DeclarationError `parser_kind_unknown`, `parser_name_taken`, `too_many_parsers` */
  #requireRoom({ name, kind }: KeptDeclaration): void {
    const { runs } = requireKind(this.registry.kinds, kind);
    if (this.registry.isTaken(name))
      throw new DeclarationError('parser_name_taken', `A plugin brings the parser "${name}" already.`);
    const others = [...this.#all.values()].filter(({ stored }) => stored.name !== name);
    if (others.length >= MAX_DECLARED)
      throw new DeclarationError(
        'too_many_parsers',
        `There are ${MAX_DECLARED} declared parsers, the most there may be.`,
      );
    const outside = others.filter(({ made }) => made?.runs === 'outside');
    if (runs === 'outside' && outside.length >= MAX_DECLARED_OUTSIDE)
      throw new DeclarationError(
        'too_many_parsers',
        `There are ${MAX_DECLARED_OUTSIDE} declared parsers of outside plugins, the most there may be.`,
      );
  }

  /** @param again tries once more what could not be made */
  async #load({ prepared, again = false }: { prepared?: Prepared; again?: boolean } = {}): Promise<void> {
    const found = await this.catalogue.scan<KeptDeclaration>(COLLECTION, { limit: MAX_DECLARED * 2 });
    const before = this.#all;
    const all = new Map<string, Declared>();
    for (const { value, version } of found) {
      const known = before.get(value.name);
      all.set(value.name, await this.#maker.make({ ...value, version }, { known, prepared, again }));
    }
    this.#all = all;
    this.registry.setDeclared([...all.values()].flatMap(({ made }) => made ?? []));
    for (const { stored, made } of before.values())
      if (made && all.get(stored.name)?.made !== made) retireMade(made);
  }

  readonly #notLoaded = (error: unknown): void => {
    this.logger.warn({ err: error }, 'declared parsers could not be read: those before stay in force');
  };
}

function requireVersion(version: number, ifVersion: number | undefined): void {
  if (ifVersion === undefined || ifVersion === version) return;
  const is = version === 0 ? 'there is no such declared parser now' : `its version is ${version} now`;
  throw new DeclarationError('parser_conflict', `The change is meant for the version ${ifVersion}; ${is}.`);
}
