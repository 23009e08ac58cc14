/** Why an event is refused. */
export interface Refusal {
  /**
   * Stable: `not_json`, `not_object`, `bad:timestamp`, `range:timestamp`, `missing:<field>`, `type:<field>`,
   * `limit:keys`, `limit:key_length`, `limit:depth`; the same that the quarantine shows.
   */
  readonly reason: string;
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What the sender can do about it. */
  readonly mend: string;
  /** The field that is wrong, by its declared name. */
  readonly field?: string;
}

/** Whether what was made of a line is a refusal. */
export function isRefusal(result: object): result is Refusal {
  return 'reason' in result && 'mend' in result;
}
