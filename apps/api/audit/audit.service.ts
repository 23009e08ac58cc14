import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { AuditRecord, type AuditEntry, type AuditQuery } from '#audit';
import { formatTimestamp, parseTime } from '#event-model';
import { ExportSlots } from '../export/export-slots.js';
import type { ExportedFile } from '../export/export.service.js';
import { begun } from '../export/watched-body.js';
import { Problem } from '../problems/problem.js';
import { readAuditCursor, writeAuditCursor } from './audit-cursor.js';
import type {
  AuditConditions,
  AuditPageAnswer,
  AuditRequest,
  Verification,
  VerifyRequest,
} from './audit.schema.js';

export const EXPORT_HEADERS = {
  'content-type': 'application/x-ndjson',
  'content-disposition': 'attachment; filename="audit.ndjson"',
} as const;

/** Entries that an export reads at once. */
const PIECE = 1_000;

/** Shows the audit record to those who may see it: a key with `system` all of it, another one what is its tenant's. */
@Injectable()
export class AuditService {
  #walk: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(AuditRecord) private readonly record: AuditRecord,
    @Inject(ExportSlots) private readonly slots: ExportSlots,
  ) {}

  /** @throws Problem `forbidden` for another tenant's entries, `cursor_invalid` */
  async list(caller: Principal, request: AuditRequest): Promise<AuditPageAnswer> {
    const { limit, cursor, ...conditions } = request;
    const query = queryOf(caller, conditions);
    const reader = query.tenant ?? '';
    const before = cursor === undefined ? undefined : readAuditCursor(reader, conditions, cursor);
    const { entries, next } = await this.record.list(query, { limit, before });
    return {
      entries: entries.map(shown),
      next_cursor: next === undefined ? null : writeAuditCursor(reader, conditions, next),
    };
  }

  /** A file of all entries that are meant, the newest first. @throws Problem `forbidden`, `too_many_exports` */
  async export(caller: Principal, conditions: AuditConditions, signal: AbortSignal): Promise<ExportedFile> {
    const query = queryOf(caller, conditions);
    const close = this.slots.take(caller.keyId);
    try {
      return { headers: EXPORT_HEADERS, body: await begun(this.#lines(query, signal)), close };
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Walks the whole chain; of several that ask, one after the other. */
  verify({ from, hash }: VerifyRequest, signal: AbortSignal): Promise<Verification> {
    const asked = from === undefined || hash === undefined ? undefined : { sequence: from, hash };
    const walk = this.#walk.then(async () => {
      const { report, anchor } = await this.record.verifier.verify(asked, signal);
      return { ...report, head: { ...report.head }, ...(anchor && { anchor }) };
    });
    this.#walk = walk.catch(() => undefined);
    return walk;
  }

  async *#lines(query: AuditQuery, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    let before: number | undefined;
    do {
      signal.throwIfAborted();
      const { entries, next } = await this.record.list(query, { limit: PIECE, before });
      if (entries.length > 0)
        yield Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      before = next;
    } while (before !== undefined);
  }
}

function queryOf(caller: Principal, conditions: AuditConditions): AuditQuery {
  const { start_time: start, end_time: end, actor, action, object, tenant } = conditions;
  const isHeld = !caller.scopes.has('system');
  if (isHeld && tenant !== undefined && tenant !== caller.tenant)
    throw new Problem('forbidden', 'The key may see what is about its own tenant only.');
  return {
    ...{ actor, action, object, from: timeOf(start), to: timeOf(end) },
    tenant: isHeld ? caller.tenant : tenant,
  };
}

/** A point in time as entries have theirs. */
function timeOf(point: string | number | undefined): string | undefined {
  const ns = point === undefined ? undefined : parseTime(point);
  return ns === undefined ? undefined : formatTimestamp(ns);
}

function shown(entry: AuditEntry): AuditPageAnswer['entries'][number] {
  return { ...entry, changes: entry.changes.map((change) => ({ ...change })) };
}
