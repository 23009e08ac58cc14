import { AlluviumError } from '#event-model';
import type { OptionMistake } from '#plugin-kit';

/** A parser as an admin declares it. */
export interface ParserDeclaration {
  /** Name of the kind: a parser plugin without `parser-`. */
  readonly kind: string;
  /** As the admin wrote them; what they may be is the kind's. */
  readonly options: unknown;
  readonly title?: string;
  readonly description?: string;
  /** Lines of its format, for people to try it with. */
  readonly samples: readonly string[];
}

/** A declaration as it is kept. */
export interface StoredDeclaration extends ParserDeclaration {
  readonly name: string;
  /** Rises with each change. */
  readonly version: number;
  /** RFC 3339. */
  readonly changed_at: string;
  readonly changed_by: { readonly key_id: string; readonly key_name: string };
}

/** A declaration without what the catalogue adds. */
export type KeptDeclaration = Omit<StoredDeclaration, 'version'>;

export type DeclarationErrorCode =
  | 'parser_kind_unknown'
  | 'parser_name_taken'
  | 'too_many_parsers'
  | 'parser_options_invalid'
  | 'parser_not_made'
  | 'parser_conflict';

/** A declaration of which no parser can be made: every mistake at once, where in the declaration. */
export class DeclarationError extends AlluviumError {
  constructor(
    code: DeclarationErrorCode,
    message: string,
    readonly mistakes: readonly OptionMistake[] = [],
  ) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}
