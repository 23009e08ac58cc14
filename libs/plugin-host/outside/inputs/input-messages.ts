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

const count = z.number().int().min(0);
const peer = z.object({
  address: z.string().max(256),
  transport: z.enum(['udp', 'tcp', 'tls', 'http']),
  certificateName: z.string().max(1_024).exactOptional(),
});
const batch = z.object({
  peer,
  messages: z.array(z.custom<Uint8Array>((value) => value instanceof Uint8Array)).readonly(),
  truncated: count.exactOptional(),
  format: z.enum(['lines', 'ndjson']),
  parser: z.string().max(64).exactOptional(),
}) satisfies z.ZodType<InputBatch>;
const address = z.object({
  transport: z.enum(['udp', 'tcp', 'tls', 'http']),
  host: z.string().max(256),
  port: z.number().int().min(0).max(65_535),
});

/** What the process of an input tells the server: it runs code of others, so each message is checked. */
export const inputToldSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('problems'),
    problems: z.array(z.object({ what: z.string(), mend: z.string() })),
  }),
  z.object({ kind: z.literal('started'), addresses: z.array(address).max(100) }),
  z.object({ kind: z.literal('not-started'), message: z.string(), mend: z.string().exactOptional() }),
  z.object({ kind: z.literal('failed'), message: z.string(), mend: z.string() }),
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
  z.object({ kind: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string().max(4_096) }),
]);

export type InputTold = z.infer<typeof inputToldSchema>;
