import { randomUUID } from 'node:crypto';
import { createBlockIdGenerator, type Block, type EventTypeDeclaration } from '#event-model';
import { nextEventType, type StreamSpec, type TierBatch } from '#plugin-kit';

/** A type with one field of each kind. */
export const EVERY_FIELD: EventTypeDeclaration = {
  name: 'every-field',
  title: 'Every field',
  description: 'One field of each type.',
  fields: [
    { name: 'user_id', type: 'string', aliases: ['uid'], indexed: true, description: 'Text.' },
    { name: 'region', type: 'keyword', description: 'Keyword.' },
    { name: 'latency_ms', type: 'float64', aliases: ['duration_ms'], description: 'Float.' },
    { name: 'status', type: 'uint16', aliases: ['status_code'], description: 'Small integer.' },
    { name: 'bytes', type: 'uint64', description: 'Large integer.' },
    { name: 'delta', type: 'int64', description: 'Signed integer.' },
    { name: 'ok', type: 'bool', aliases: ['success'], description: 'Truth.' },
  ],
  sortBy: ['service', 'level'],
  rollUps: [
    { name: 'events_per_minute', by: ['level', 'service'] },
    { name: 'users_per_day', by: ['service'], unique: ['user_id'] },
  ],
  example: {},
};

/** A type whose second version has added a field of each type, each with keys that no column could be named by. */
export const DECLARED: EventTypeDeclaration = nextEventType(
  {
    ...EVERY_FIELD,
    name: 'declared',
    title: 'Declared',
    fields: [],
    rollUps: EVERY_FIELD.rollUps.slice(0, 1),
  },
  {
    ...EVERY_FIELD,
    rollUps: EVERY_FIELD.rollUps.slice(0, 1),
    name: 'declared',
    title: 'Declared',
    fields: (
      ['text', 'keyword', 'string', 'hex16', 'hex8', 'float64', 'int64', 'uint16', 'uint64', 'bool'] as const
    ).map((type) => ({
      ...{
        name: `a_${type}`,
        type,
        aliases: [`a.${type}`, `a ${type};--/*`, `{${type}:String}`, `{ü${type}`],
      },
      description: `Of the type ${type}.`,
    })),
  },
);

const nextId = createBlockIdGenerator();

/** A batch of one block with these lines. */
export function batchOf(
  stream: StreamSpec,
  lines: readonly (string | Uint8Array)[],
  receivedAt?: bigint,
): TierBatch {
  return { stream, token: randomUUID(), blocks: [blockOf(stream, lines, receivedAt)], skip: [] };
}

export function blockOf(
  stream: StreamSpec,
  lines: readonly (string | Uint8Array)[],
  receivedAt?: bigint,
): Block {
  const body = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
  const header = {
    id: nextId(),
    tenant: stream.tenant,
    stream: stream.name,
    source: 'test-source',
    format: 'ndjson' as const,
    receivedAt: receivedAt ?? BigInt(Date.now()) * 1_000_000n,
    count: lines.length,
  };
  return { header, body };
}
