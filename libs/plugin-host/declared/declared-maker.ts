import type { Logger } from 'pino';
import type { MadeParser, ParserKind } from '../parsers/made-parser.js';
import type { ParserRegistry } from '../parsers/parser-registry.js';
import { buildDeclared, type DeclaredAs } from './build-declared.js';
import type { StoredDeclaration } from './declaration.js';

/** A declaration, and what is made of it. */
export interface Declared {
  readonly stored: StoredDeclaration;
  /** Undefined where none can be made of it now. */
  readonly made: MadeParser | undefined;
  /** What was asked last to make it. */
  readonly kind: ParserKind | undefined;
  /** Why that made none. */
  readonly trouble?: string;
}

/** What was made already of a declaration that is to be kept. */
export interface Prepared {
  readonly as: Required<DeclaredAs>;
  readonly made: MadeParser;
}

interface MakeOptions {
  readonly known: Declared | undefined;
  readonly prepared: Prepared | undefined;
  /** Tries once more what could not be made. */
  readonly again: boolean;
}

/** Makes what is declared, and only what is not made already. */
export class DeclaredMaker {
  constructor(
    private readonly registry: Pick<ParserRegistry, 'kinds'>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** Never rejects: where a kind that is there makes none, what was made by it before stays. */
  async make(stored: StoredDeclaration, { known, prepared, again }: MakeOptions): Promise<Declared> {
    const kind = this.registry.kinds.get(stored.kind);
    if (prepared?.as.name === stored.name && prepared.as.version === stored.version)
      return { stored, kind, made: prepared.made };
    const same = known && isSame(known.stored, stored) ? known : undefined;
    const isDone = same?.kind === kind && (!again || same?.trouble === undefined);
    if (same && isDone) return same;
    try {
      return { stored, kind, made: await buildDeclared(this.registry.kinds, stored, stored) };
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      const made = kind && same?.made;
      const after = made ? 'the one before goes on' : 'its lines go to quarantine';
      this.logger.warn({ err: error, parser: stored.name }, `a declared parser can not be made: ${after}`);
      return { stored, kind, made, trouble };
    }
  }
}

function isSame(one: StoredDeclaration, other: StoredDeclaration): boolean {
  return one.version === other.version && one.changed_at === other.changed_at;
}
