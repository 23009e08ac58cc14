import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnitMissingError } from '../kinds/unit-tier.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;

/** Files of a directory, one of each unit, as the contract of `UnitTier` wants them: whole and durable, or not there. */
export class UnitFiles {
  /** @param ending of all names, such as `.ndjson.gz` */
  constructor(
    private readonly directory: string,
    private readonly ending: string,
  ) {}

  /** Writes beside the place, and takes it in one step when all is on disk. */
  async write(name: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#pathOf(name);
    const file = await open(`${path}.part`, 'w', 0o600);
    try {
      for await (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    await this.#sync();
  }

  /** @throws UnitMissingError */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const file = await this.#open(name);
    try {
      yield* file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>;
    } finally {
      await file.close();
    }
  }

  /** Also what a process that was killed had begun to write. Idempotent. */
  async remove(name: string): Promise<void> {
    const path = this.#pathOf(name);
    await rm(`${path}.part`, { force: true });
    await rm(path, { force: true });
    await this.#sync();
  }

  async #open(name: string): ReturnType<typeof open> {
    try {
      return await open(this.#pathOf(name), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UnitMissingError(name, error);
      throw error;
    }
  }

  /** Names, too, are durable only then. */
  async #sync(): Promise<void> {
    const folder = await open(this.directory, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  #pathOf(name: string): string {
    if (!NAME.test(name)) throw new Error(`${JSON.stringify(name.slice(0, 100))} is no name of a unit.`);
    return join(this.directory, `${name}${this.ending}`);
  }
}
