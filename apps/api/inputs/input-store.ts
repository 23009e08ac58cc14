import { Inject, Injectable } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import type { InputRecord } from './input-record.js';

const COLLECTION = 'inputs';

/** Most inputs of a server; each has ports of its own. */
export const MAX_INPUTS = 200;

/** The inputs in the catalogue. */
@Injectable()
export class InputStore {
  constructor(@Inject(CATALOGUE) private readonly catalogue: Catalogue) {}

  /** All of them, by name. */
  async list(): Promise<readonly InputRecord[]> {
    const found = await this.catalogue.scan<InputRecord>(COLLECTION, { limit: MAX_INPUTS });
    return found.map(({ value }) => value);
  }

  /** Answers whether it was written: a new one isn't where one of that name is. */
  async create(record: InputRecord): Promise<boolean> {
    const change = { collection: COLLECTION, id: record.name, value: record, ifVersion: 0 };
    return (await this.catalogue.write([change]))[0]?.kind === 'written';
  }

  async replace(record: InputRecord): Promise<void> {
    await this.catalogue.write([{ collection: COLLECTION, id: record.name, value: record }]);
  }

  async remove(name: string): Promise<void> {
    await this.catalogue.write([{ collection: COLLECTION, id: name, value: undefined }]);
  }

  /** Calls back after any of them was changed, also by another process. */
  watch(changed: () => void): () => void {
    return this.catalogue.watch(COLLECTION, changed);
  }
}
