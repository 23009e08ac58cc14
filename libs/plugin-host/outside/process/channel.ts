import { readSync, writeSync } from 'node:fs';
import { LENGTH_BYTES } from './frames.js';

/** The descriptor that the server and a plugin's process talk over. */
const CHANNEL = 3;

/** Waits for the next frame and gives it without its length; undefined where the server has gone. */
export function readFrame(): Buffer | undefined {
  const length = readBytes(LENGTH_BYTES);
  return length && readBytes(length.readUInt32LE(0));
}

/** @param frame with its length */
export function writeFrame(frame: Uint8Array): void {
  for (let sent = 0; sent < frame.length;) sent += writeSync(CHANNEL, frame, sent);
}

function readBytes(count: number): Buffer | undefined {
  const bytes = Buffer.allocUnsafeSlow(count);
  for (let got = 0; got < count;) {
    const more = readSync(CHANNEL, bytes, got, count - got, null);
    if (more === 0) return undefined;
    got += more;
  }
  return bytes;
}
