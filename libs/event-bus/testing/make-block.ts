import { createBlockIdGenerator, type Block, type BlockHeader } from '#event-model';
import type { PublishBatch } from '../event-bus.port.js';

const nextId = createBlockIdGenerator();
/** 2026-11-21T05:46:40Z, in the middle of a minute. */
export const RECEIVED_MS = 1_795_239_970_000;

/** A block of one line for each text, with every header field that a test doesn't care for. */
export function makeBlock(texts: string | readonly string[], header: Partial<BlockHeader> = {}): Block {
  const lines = typeof texts === 'string' ? [texts] : texts;
  return {
    header: {
      id: nextId(),
      tenant: 'default',
      stream: 'default',
      source: 'test',
      format: 'ndjson',
      receivedAt: BigInt(RECEIVED_MS) * 1_000_000n + 7n,
      count: lines.length,
      ...header,
    },
    body: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  };
}

/** A batch of blocks, one for each text. */
export function makeBatch(...texts: readonly string[]): PublishBatch {
  return { blocks: texts.map((text) => makeBlock(text)) };
}

/** A batch that a client may repeat. */
export function makeIdempotentBatch(
  key: string,
  text: string,
  expiresAt = Number.MAX_SAFE_INTEGER,
): PublishBatch {
  return {
    blocks: [makeBlock(text)],
    idempotency: { key, bodyHash: `hash of ${text}`, answer: `answer for ${text}`, expiresAt },
  };
}

/** The text of a block that {@link makeBlock} made of one line. */
export function textOf(block: Block): string {
  return Buffer.from(block.body).toString().trimEnd();
}
