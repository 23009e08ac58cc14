import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import { nowNs, parseTime, type EventTypeDeclaration } from '#event-model';
import { EventTypeRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { MAX_STORED_BYTES } from './line-source.schema.js';
import type { DryRunRequest } from './parsers.schema.js';
import type { StoredLine } from './stored-line.js';
import { StoredLines } from './stored-lines.js';
import type { TrialLine } from './trial.js';

const DEFAULT_TYPE = 'log';

/** A line to be tried, with where it comes from. */
export interface GivenLine extends TrialLine {
  /** Absent where it was pasted. */
  readonly stored?: StoredLine;
}

export interface GivenLines {
  readonly lines: readonly GivenLine[];
  /** There were more than may be taken. */
  readonly isCut: boolean;
  /** Lines as a sender has them: some parsers join several to one event. */
  readonly arePasted: boolean;
  /** Of times that stand without one. */
  readonly zone?: string | undefined;
}

/** Names lines, and what is to be known of them. */
export type LineRequest = Pick<DryRunRequest, 'lines' | 'stream' | 'quarantine' | 'options'>;

/** Where the lines of dry runs come from: pasted, from a stream, from quarantine; of the caller's tenant and streams. */
@Injectable()
export class LineSource {
  constructor(
    @Inject(EventTypeRegistry) private readonly eventTypes: EventTypeRegistry,
    @Inject(StoredLines) private readonly stored: StoredLines,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /** @throws Problem `event_type_unknown`, `line_too_long`, `forbidden`, `stream_unknown`, `query_invalid` */
  async read(caller: Principal, request: LineRequest, signal: AbortSignal): Promise<GivenLines> {
    const { lines, stream, quarantine, options } = request;
    const { zone } = options;
    if (lines) return this.pasted(caller.tenant, lines, options);
    const found = stream ? await this.stored.newest(caller, stream, signal) : [];
    const refused = quarantine ? await this.stored.refused(caller, quarantine) : [];
    const all = [...found, ...refused];
    const taken = withinBytes(all);
    const types = await this.stored.typesOf(caller, taken);
    const receivedAt = timeIn(options);
    const named =
      options.event_type === undefined ? undefined : this.#eventType(caller.tenant, options.event_type);
    const given = taken.map((line) => ({
      bytes: line.bytes,
      receivedAt: receivedAt ?? line.receivedAt,
      eventType: named ?? types.get(line.stream) ?? this.#eventType(caller.tenant, DEFAULT_TYPE),
      stored: line,
    }));
    return { lines: given, isCut: taken.length < all.length, arePasted: false, zone };
  }

  /** @throws Problem `event_type_unknown`, `line_too_long` */
  pasted(tenant: string, texts: readonly string[], options: LineRequest['options']): GivenLines {
    const eventType = this.#eventType(tenant, options.event_type ?? DEFAULT_TYPE);
    this.#checkLengths(texts);
    const receivedAt = timeIn(options) ?? nowNs();
    const lines = texts.map((text) => ({
      receivedAt,
      eventType,
      bytes: Buffer.from(text.replace(/\r$/, '')),
    }));
    return { lines, isCut: false, arePasted: true, zone: options.zone };
  }

  #eventType(tenant: string, name: string): EventTypeDeclaration {
    const found = this.eventTypes.get(tenant, name);
    if (found) return found;
    const known = this.eventTypes.list(tenant).map(({ declaration }) => declaration.name);
    const detail = `There is no event type "${name}"; known: ${known.join(', ')}.`;
    throw new Problem('event_type_unknown', detail);
  }

  #checkLengths(lines: readonly string[]): void {
    const limit = this.settings.current.limitsLineBytes;
    const long = lines.findIndex((line) => Buffer.byteLength(line) > limit);
    if (long < 0) return;
    throw new Problem('line_too_long', `Line ${long + 1} is longer than ${limit} bytes.`);
  }
}

function timeIn({ received_at: receivedAt }: LineRequest['options']): bigint | undefined {
  return receivedAt === undefined ? undefined : parseTime(receivedAt);
}

/** As many of the first as may be taken, but one at least. */
function withinBytes(lines: readonly StoredLine[]): readonly StoredLine[] {
  let bytes = 0;
  const end = lines.findIndex((line) => (bytes += line.bytes.length) > MAX_STORED_BYTES);
  return end < 0 ? lines : lines.slice(0, Math.max(1, end));
}
