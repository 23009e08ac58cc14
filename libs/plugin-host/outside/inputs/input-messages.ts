import { z } from 'zod';
import type { InputAnswer, InputBatch } from '#plugin-kit';

/** What the server tells the process of an input. */
export type InputAsked =
  | {
      readonly kind: 'start';
      readonly name: string;
      readonly options: unknown;
      /** Bytes that a message may have. */
      readonly messageBytes: number;
    }
  | { readonly kind: 'stop' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'answered'; readonly id: number; readonly answer: InputAnswer }
  | { readonly kind: 'secret'; readonly id: number; readonly bytes: Uint8Array }
  /** Of a hand-over or a secret: there is none. `mend` is there where an admin can do something. */
  | { readonly kind: 'refused'; readonly id: number; readonly message: string; readonly mend?: string };

/** Characters of what is told in words. */
const LONGEST_TEXT = 4_096;
/** What one hand-over may count for: half of what the server reads as one message. */
export const MOST_BATCH_BYTES = 32 * 2 ** 20;
/** What a hand-over, and a message in it, cost besides the bytes: an empty one takes memory, too. */
const BATCH_COST = 1_024;
const MESSAGE_COST = 100;

const words = z.string().max(LONGEST_TEXT);
const count = z.number().int().min(0);
const peer = z.object({
  address: z.string().max(256),
  transport: z.enum(['udp', 'tcp', 'tls', 'http', 'kafka']),
  certificateName: z.string().max(1_024).exactOptional(),
});
const batch = z.object({
  peer,
  messages: z.array(z.custom<Uint8Array>((value) => value instanceof Uint8Array)).readonly(),
  truncated: count.exactOptional(),
  format: z.enum(['lines', 'ndjson']),
  parser: z.string().max(64).exactOptional(),
  key: z.string().min(1).max(255).exactOptional(),
}) satisfies z.ZodType<InputBatch>;
const address = z.object({
  transport: z.enum(['udp', 'tcp', 'tls', 'http', 'kafka']),
  host: z.string().max(256),
  port: z.number().int().min(0).max(65_535),
});

/** What the process of an input tells the server: it runs code of others, so each message is checked. */
export const inputToldSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('problems'),
    problems: z.array(z.object({ what: words, mend: words })).max(100),
  }),
  z.object({ kind: z.literal('started'), addresses: z.array(address).max(100) }),
  z.object({ kind: z.literal('not-started'), message: words, mend: words.exactOptional() }),
  z.object({ kind: z.literal('failed'), message: words, mend: words }),
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('pong') }),
  z.object({ kind: z.literal('accept'), id: count, batch }),
  z.object({ kind: z.literal('abort'), id: count }),
  z.object({ kind: z.literal('read-secret'), id: count, path: z.string().max(4_096) }),
  z.object({
    kind: z.literal('dropped'),
    reason: z.string().regex(/^[a-z0-9_]{1,64}$/),
    messages: count,
    peer: peer.exactOptional(),
  }),
  z.object({ kind: z.literal('connection'), change: z.union([z.literal(1), z.literal(-1)]) }),
  z.object({ kind: z.literal('log'), level: z.enum(['info', 'warn']), message: words }),
]);

export type InputTold = z.infer<typeof inputToldSchema>;

/** Bytes that a hand-over counts for until it is answered. */
export function costOf({ messages }: Pick<InputBatch, 'messages'>): number {
  return messages.reduce((sum, { length }) => sum + length + MESSAGE_COST, BATCH_COST);
}

/** As much of a text as may be told. */
export function inWords(text: string): string {
  return text.slice(0, LONGEST_TEXT);
}
