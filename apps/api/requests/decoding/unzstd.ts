import { setImmediate } from 'node:timers/promises';
import { loadZstd, ZstdStream, type ZstdStep } from '#zstd-decoding';
import { BROKEN, CUT, damaged } from './damage.js';
import type { DecodedBytes } from './decoded-bytes.js';
import { checkZstdFrame } from './zstd-frame.js';

/** Steps between two pauses: each decodes up to 128 KiB or ends a frame, so some milliseconds of work. */
const STEPS_PER_PIECE = 8;

/**
 * Decodes the frames of a zstd body, pausing for other work; ends as soon as the bounds are passed. Works on this thread:
 * let one body at a time do so.
 *
 * @throws Problem `encoding_damaged`, `unsupported_encoding`, and what `decoded` throws
 */
export async function unzstd(body: Buffer, decoded: DecodedBytes): Promise<void> {
  const stream = new ZstdStream(await loadZstd());
  try {
    let steps = 0;
    for (const step of decode(stream, body)) {
      decoded.add(step.output, step.used);
      steps += 1;
      if (steps % STEPS_PER_PIECE === 0) await setImmediate();
    }
  } finally {
    stream.free();
  }
}

/** A step, and how many bytes of the body were used up with it. */
interface DecodedStep extends ZstdStep {
  readonly used: number;
}

function* decode(stream: ZstdStream, body: Buffer): Generator<DecodedStep> {
  let open = false;
  for (let at = 0; at < body.length; at += ZstdStream.INPUT_BYTES) {
    const piece = body.subarray(at, at + ZstdStream.INPUT_BYTES);
    stream.feed(piece);
    while (stream.left > 0) {
      if (!open) checkZstdFrame(body, at + piece.length - stream.left);
      const step = nextStep(stream);
      open = step.end !== 'frame';
      yield { ...step, used: at + piece.length - stream.left };
    }
  }
  while (open) {
    // All is handed over; what the output had no room for may still come.
    const step = nextStep(stream);
    open = step.end !== 'frame';
    if (open && step.output.length === 0) throw damaged('zstd', CUT);
    yield { ...step, used: body.length };
  }
}

function nextStep(stream: ZstdStream): ZstdStep {
  const step = stream.step();
  if (step.end === 'error') throw damaged('zstd', BROKEN);
  return step;
}
