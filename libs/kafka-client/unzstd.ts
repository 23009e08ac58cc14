import { loadZstd, ZstdStream } from '#zstd-decoding';

/** Unpacks a frame of zstd. @throws Error where it is damaged, or unpacks to more than so many bytes */
export async function unzstd(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const stream = new ZstdStream(await loadZstd());
  try {
    return unpack(stream, bytes, maxBytes);
  } finally {
    stream.free();
  }
}

function unpack(stream: ZstdStream, bytes: Buffer, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  let end: 'frame' | 'error' | undefined;
  for (let at = 0; at < bytes.length; at += ZstdStream.INPUT_BYTES) {
    stream.feed(bytes.subarray(at, at + ZstdStream.INPUT_BYTES));
    let written = 0;
    do {
      const step = stream.step();
      written = step.output.length;
      size += written;
      end = step.end;
      if (end === 'error') throw new Error('the frame is damaged');
      if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      chunks.push(Buffer.from(step.output));
    } while (stream.left > 0 || (written > 0 && end !== 'frame'));
  }
  if (end !== 'frame') throw new Error('the frame is cut off');
  return Buffer.concat(chunks);
}
