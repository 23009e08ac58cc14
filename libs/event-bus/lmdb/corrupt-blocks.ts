import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps what could not be read back, for people and tools: one file a block, header record and body as they were found.
 * Nothing is thrown away because a bit flipped.
 */
export class CorruptBlocks {
  private readonly directory: string;
  private files: number;

  constructor(busDirectory: string) {
    this.directory = join(busDirectory, 'corrupt');
    mkdirSync(this.directory, { recursive: true });
    this.files = readdirSync(this.directory).length;
  }

  get count(): number {
    return this.files;
  }

  /** Durable when it returns, so that the record may leave the log. */
  setAside(position: number, header: Uint8Array, body: Uint8Array | undefined): void {
    const bytes = Buffer.concat(body ? [header, body] : [header]);
    writeFileSync(join(this.directory, String(position)), bytes, { flush: true });
    this.files = readdirSync(this.directory).length;
  }
}
