import { open, rm, stat, type FileHandle } from 'node:fs/promises';
import type { ParquetFile } from '#plugin-kit';

/** Bytes read at one time. */
const CHUNK_BYTES = 256 * 1024;

/** A file without a name: what is left of it when the process dies is nothing. */
export class UnnamedFile implements ParquetFile {
  private constructor(
    private readonly handle: FileHandle,
    readonly bytes: number,
  ) {}

  /** Opens a finished file and takes its name away. */
  static async take(path: string): Promise<UnnamedFile> {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      await rm(path);
      return new UnnamedFile(handle, size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async *read(): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < this.bytes;) {
        const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.bytes - at));
        const { bytesRead } = await this.handle.read(chunk, 0, chunk.length, at);
        if (bytesRead === 0) throw new Error(`The file ended after ${at} of ${this.bytes} bytes.`);
        at += bytesRead;
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}

/** Bytes of a file; none where it isn't there. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
