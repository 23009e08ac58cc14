/** What to do about a refusal; `{field}` stands for what follows the colon of the reason. */
const MENDS: ReadonlyMap<string, string> = new Map([
  ['not_json', 'Send one complete JSON object a line, as UTF-8; a line break inside a value is written \\n.'],
  ['not_object', 'Send a JSON object a line: wrap other values, as in {"message": "…"}.'],
  ['missing', 'Send the field "{field}": the stream\'s event type requires it.'],
  ['type', 'Send "{field}" as the type that the stream\'s event type declares, or under another name.'],
  ['bad', 'Send "{field}" in a form that can be read; a time as RFC 3339 or as a number since the epoch.'],
  [
    'range',
    'Send a "{field}" within bounds; a time from 1980 on and at most a day ahead of the server\'s clock.',
  ],
]);

const GENERIC =
  'Look at the event under /api/v1/quarantine, where its bytes and this reason are kept, and send it mended.';

/** A refusal's reason in its parts, for people and for programs. */
export interface Refusal {
  /** The reason itself, stable: `not_json`, `missing:user_id` … */
  readonly code: string;
  /** The field at fault, where there is one. */
  readonly field?: string;
  /** What the sender has to do. */
  readonly mend: string;
}

/** Explains a reason of the quarantine to the sender. */
export function refusalOf(reason: string): Refusal {
  const colon = reason.indexOf(':');
  const mend = mendFor(reason);
  return colon < 0 ? { code: reason, mend } : { code: reason, field: reason.slice(colon + 1), mend };
}

/** One sentence on how to mend what a reason names; a generic one for reasons of other plugins. */
export function mendFor(reason: string): string {
  const [kind = '', ...rest] = reason.split(':');
  const field = rest.join(':');
  return (MENDS.get(kind) ?? GENERIC).replaceAll('{field}', () => field);
}
