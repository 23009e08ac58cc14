import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventTypeDeclaration } from '#event-model';
import { EventMembers } from '#plugin-kit';
import type { EnrichmentCounters } from './enrichment-counters.js';
import type { EnrichmentSource } from './enrichment-source.js';
import type { LookUp } from './guarded-enricher.js';
import type { EnrichmentRule } from './rule.js';

const LF = 10;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Lines that are looked at together. */
const PIECE_LINES = 250;
/** Milliseconds after which others have their turn. */
const TURN_MS = 8;
/** Characters that may be added to an event. */
const MOST_ADDED = 64 * 1024;
/** Milliseconds for which the first events of a stream wait for data that is being opened. */
const PATIENCE_MS = 10_000;
/** What begins a character of a key that is spelt with escapes. */
const ESCAPE = Buffer.from('\\u');

/** A rule with its data. */
export interface EnrichmentUse {
  readonly rule: Pick<EnrichmentRule, 'field' | 'prefix'>;
  readonly source: Pick<EnrichmentSource, 'enricher' | 'settled'>;
  readonly counters: EnrichmentCounters;
}

/** An event, and the members that were added to it so far. */
interface Enriched {
  readonly line: Buffer;
  readonly members: EventMembers | undefined;
  added: string;
}

/**
 * Adds fields to lines that are JSON objects, behind their own: what an event has already stays as it is, byte by byte. All
 * else goes on as it came. Never rejects.
 */
export class LineEnricher {
  readonly #needles = new WeakMap<EventTypeDeclaration, readonly string[]>();

  /** @param uses in the order in which they work: a later one finds what an earlier one added */
  constructor(private readonly uses: readonly EnrichmentUse[]) {}

  /**
   * Lines, each ended by one LF; the same bytes where nothing was added.
   *
   * @param eventType the type that the lines are read by
   */
  async body(body: Uint8Array, eventType: EventTypeDeclaration): Promise<Uint8Array> {
    await this.ready();
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const parts: Buffer[] = [];
    let kept = 0;
    let turn = performance.now();
    for (const lines of piecesOf(bytes)) {
      for (const { line, added } of await this.lines(lines, eventType)) {
        if (added === '') continue;
        // It has members of its own, in one of which a value was found.
        const close = line.byteOffset - bytes.byteOffset + line.lastIndexOf(CLOSE_OBJECT);
        parts.push(bytes.subarray(kept, close), Buffer.from(added));
        kept = close;
      }
      if (performance.now() - turn < TURN_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
    return parts.length === 0 ? body : Buffer.concat([...parts, bytes.subarray(kept)]);
  }

  /** Some lines without their ends, and the members that were added to each: `,"a":1`, or nothing. */
  async lines(
    lines: readonly Buffer[],
    eventType: EventTypeDeclaration,
  ): Promise<readonly { readonly line: Buffer; readonly added: string }[]> {
    const needles = this.#needlesOf(eventType);
    const events = lines.map((line): Enriched => {
      const members = mayHave(line, needles) ? EventMembers.read(eventType, line) : undefined;
      return { line, members, added: '' };
    });
    for (const use of this.uses) await enrichWith(use, events);
    return events;
  }

  /** Waits, for a while, until data that is being opened is open or not to be had. */
  async ready(): Promise<void> {
    const missing = this.uses.filter(({ source }) => source.enricher === undefined);
    if (missing.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([Promise.all(missing.map(({ source }) => source.settled)), patience]);
    clearTimeout(timer);
  }

  /** Parts of keys, one of which a line must have. */
  #needlesOf(eventType: EventTypeDeclaration): readonly string[] {
    const known = this.#needles.get(eventType);
    if (known) return known;
    const needles = [...new Set(this.uses.flatMap(({ rule }) => EventMembers.keysOf(eventType, rule.field)))];
    this.#needles.set(eventType, needles);
    return needles;
  }
}

async function enrichWith(
  { rule, source, counters }: EnrichmentUse,
  events: readonly Enriched[],
): Promise<void> {
  const having: Enriched[] = [];
  const values: string[] = [];
  for (const event of events) {
    const value = event.members?.text(rule.field);
    if (value === undefined || value === '') continue;
    having.push(event);
    values.push(value);
  }
  if (having.length === 0) return;
  counters.looked_up += having.length;
  const answers = await source.enricher?.lookUp(values);
  having.forEach((event, at) => {
    const answer: LookUp = answers?.[at] ?? { kind: 'failed' };
    counters[answer.kind] += 1;
    if (answer.kind === 'found') add(event, answer, { prefix: rule.prefix, counters });
  });
}

function add(
  event: Enriched,
  { fields }: Extract<LookUp, { readonly kind: 'found' }>,
  { prefix, counters }: { readonly prefix: string | undefined; readonly counters: EnrichmentCounters },
): void {
  for (const field of fields) {
    const name = prefix === undefined ? field.name : `${prefix}.${field.name}`;
    const member = `,${JSON.stringify(name)}:${field.json}`;
    const isTooMuch = event.added.length + member.length > MOST_ADDED;
    const problem = isTooMuch ? 'full' : event.members?.problemOf(name, field.value);
    if (problem === undefined) {
      event.added += member;
      event.members?.add(name, field.value);
    } else if (problem === 'there') counters.kept += 1;
    else counters.unfit += 1;
  }
}

/** Whether a closer look is needed: a refused line of a parser begins no object, and most others lack the field. */
function mayHave(line: Buffer, needles: readonly string[]): boolean {
  if (line[0] !== OPEN_OBJECT && line.indexOf(OPEN_OBJECT) < 0) return false;
  return needles.some((needle) => line.includes(needle)) || line.includes(ESCAPE);
}

function* piecesOf(bytes: Buffer): Generator<readonly Buffer[]> {
  let lines: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LF, from);
    lines.push(bytes.subarray(from, end));
    from = end + 1;
    if (lines.length < PIECE_LINES) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
}
