import { readFrame, writeFrame } from './channel.js';
import {
  decodeMessage,
  encodeMessage,
  errorOf,
  toldError,
  type Ask,
  type Call,
  type Ended,
  type Numbered,
} from './messages.js';

/** Bytes of an answer: reading it must not hold the server up. */
const MOST_BYTES = 4 * 2 ** 20;

/** What a plugin's object does, by what it is called with. */
export type Answerer = (call: Call) => unknown;

/**
 * Answers calls one after the other until the server closes the channel. While one is worked on the event loop turns;
 * between them it stands.
 */
export async function serveCalls(answer: Answerer): Promise<void> {
  for (let frame = readFrame(); frame; frame = readFrame()) {
    const { said } = decodeMessage<Call & Numbered>(frame);
    writeFrame(await encodedEnd(answer, said));
  }
}

/**
 * Asks the server for something, and waits for it without turning the event loop.
 *
 * @param sent bytes that go with it
 * @throws what the server failed with
 */
export function askServer(
  ask: Ask,
  sent?: Uint8Array,
): { readonly value: unknown; readonly bytes: Uint8Array } {
  writeFrame(encodeMessage(ask, sent));
  if (sent) writeFrame(sent);
  const frame = readFrame();
  if (!frame) process.exit(0);
  const { said, bytes } = decodeMessage<Ended>(frame);
  if ('failed' in said) throw errorOf(said.failed);
  return { value: said.done, bytes };
}

async function encodedEnd(answer: Answerer, call: Call & Numbered): Promise<Buffer> {
  const { nth } = call;
  try {
    const done = (await answer(call)) ?? null;
    const frame = encodeMessage({ done, nth });
    if (frame.length <= MOST_BYTES) return frame;
    throw new Error(`an answer of ${frame.length} bytes is too large; ${MOST_BYTES} are the most`);
  } catch (error) {
    return encodeMessage({ failed: toldError(error), nth });
  }
}
