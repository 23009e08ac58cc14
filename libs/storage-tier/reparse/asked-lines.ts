import type { StoredFormCount } from '#plugin-kit';

/** Form and parser of a stored event, or of many. */
type StoredAs = Pick<StoredFormCount, 'form' | 'parser'>;

/** Whether it came as a line of text, which parsers read; all else is JSON, which the stream's type reads. */
export function isTextLine({ form }: Pick<StoredAs, 'form'>): boolean {
  return form === 'text' || form === 'message';
}

/**
 * Whether a request means it. JSON has no parser, so it isn't meant where one is named that lines were read by.
 *
 * @param request empty `parsed_by`: lines that no parser read; absent: everything
 */
export function isAsked(
  stored: StoredAs,
  { parsed_by: by }: { readonly parsed_by?: string | undefined },
): boolean {
  return by === undefined || (isTextLine(stored) && stored.parser === by);
}
