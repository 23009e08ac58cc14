import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#app-config';
import { directorySize } from '#observability';
import type { ShownDisk } from './disk.schema.js';

type Part = ShownDisk['parts'][number];

export interface MeasuredParts {
  readonly parts: readonly Part[];
  /** Milliseconds since the epoch. */
  readonly measuredAt: number;
}

/** Milliseconds for which one measurement is good: it looks at every file. */
const FRESH_MS = 60_000;
const NAMES: Readonly<Record<string, Part['name']>> = { bus: 'log', tiers: 'tier', catalogue: 'catalogue' };
const ORDER: readonly Part['name'][] = ['log', 'tier', 'catalogue', 'other'];

/** What the data directory is made of; measured at most once a minute, however many ask. */
@Injectable()
export class DiskParts {
  #look: Promise<MeasuredParts> | undefined;
  #lookedAt = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  get path(): string {
    return this.settings.boot.dataDir;
  }

  measure(now = Date.now()): Promise<MeasuredParts> {
    if (this.#look && now - this.#lookedAt < FRESH_MS) return this.#look;
    this.#lookedAt = now;
    this.#look = this.#measure(now);
    return this.#look;
  }

  async #measure(measuredAt: number): Promise<MeasuredParts> {
    const sizes = new Map(ORDER.map((name) => [name, { name, bytes: 0, files: 0 }]));
    for (const folder of await foldersOf(this.path)) {
      const { bytes, files } = await directorySize(join(this.path, folder));
      const name = NAMES[folder] ?? 'other';
      const before = sizes.get(name) ?? { bytes: 0, files: 0 };
      sizes.set(name, { name, bytes: before.bytes + bytes, files: before.files + files });
    }
    return { parts: [...sizes.values()], measuredAt };
  }
}

async function foldersOf(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
