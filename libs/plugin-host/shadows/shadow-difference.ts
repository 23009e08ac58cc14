import { formatTimestamp, REFUSED_LINE, type Block, type BlockHeader } from '#event-model';
import type { FieldChange } from '../parsers/changed-fields.js';
import { compareCanonical, type LineOutcome } from './compare-lines.js';

/** Most characters of a line that are kept, and of a value. */
const LINE_CHARACTERS = 2_000;
const VALUE_CHARACTERS = 500;

/** A line that the two versions read otherwise, as it may be shown. */
export interface ShadowDifference {
  readonly stream: string;
  readonly source: string;
  /** RFC 3339. */
  readonly received_at: string;
  /** The line, cut after 2,000 characters. */
  readonly line: string;
  readonly outcome: LineOutcome;
  /** The active version refused it: the line is in quarantine. */
  readonly isQuarantined: boolean;
  /** Empty where redaction hides all that differs. Long values are cut. */
  readonly changes: readonly FieldChange[];
}

/** A text line, with what both versions made of it: canonical lines. */
export interface DifferentLine {
  readonly line: Uint8Array;
  readonly active: string;
  readonly shadow: string;
  readonly outcome: LineOutcome;
}

/** Makes of a parsed block what may be stored of it. */
export type Redact = (block: Block) => Promise<Block>;

/** What may be kept of a difference: only what may be stored, since whoever reads it may read no more than the stream. */
export async function shownDifference(
  header: BlockHeader,
  { line, active, shadow, outcome }: DifferentLine,
  redact: Redact,
): Promise<ShadowDifference> {
  const [from, to] = [
    await redact(blockOf(header, line, active)),
    await redact(blockOf(header, line, shadow)),
  ];
  const { changes } = compareCanonical(textOf(from.body), textOf(to.body));
  return {
    stream: header.stream,
    source: header.source,
    received_at: formatTimestamp(header.receivedAt),
    line: textOf(to.raw ?? from.raw ?? new Uint8Array()).slice(0, LINE_CHARACTERS),
    outcome,
    isQuarantined: active.charCodeAt(0) === REFUSED_LINE,
    changes: changes.map(cut),
  };
}

function blockOf(header: BlockHeader, line: Uint8Array, canonical: string): Block {
  const body = Buffer.from(`${canonical}\n`);
  return { header: { ...header, format: 'records', count: 1 }, body, raw: Buffer.concat([line, LF]) };
}

const LF = Buffer.from('\n');

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString().replace(/\n$/, '');
}

function cut({ field, ...values }: FieldChange): FieldChange {
  const short = Object.entries(values).map(([side, value]) => {
    const text = JSON.stringify(value) ?? '';
    return [side, text.length <= VALUE_CHARACTERS ? value : `${text.slice(0, VALUE_CHARACTERS)}…`];
  });
  return { field: field.slice(0, VALUE_CHARACTERS), ...(Object.fromEntries(short) as object) };
}
