import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  defineUnitTier,
  UnitFiles,
  type KeptUnit,
  type UnitTier,
  type UnitTierDeclaration,
} from '#plugin-kit';
import { piecesOf, type UnitTierHarness, type UnitTierPromise } from './contract-case.js';

/** Keeps units in files; parts of it are spoilt by each seeded bug. */
class FileTier implements UnitTier {
  readonly files: UnitFiles;

  constructor(readonly directory: string) {
    this.files = new UnitFiles(directory, '.ndjson');
  }

  write(unit: KeptUnit, lines: AsyncIterable<Uint8Array>): Promise<void> {
    return this.files.write(unit.name, lines);
  }

  read(unit: KeptUnit): AsyncIterable<Uint8Array> {
    return this.files.read(unit.name);
  }

  remove(unit: KeptUnit): Promise<void> {
    return this.files.remove(unit.name);
  }

  pathOf({ name }: KeptUnit): string {
    return join(this.directory, `${name}.ndjson`);
  }
}

type Spoil = (tier: FileTier) => Partial<UnitTier>;

function harnessOf(spoil: Spoil): UnitTierHarness {
  const units: UnitTierDeclaration = defineUnitTier(z.object({}), ({ directory }) => {
    const tier = new FileTier(directory);
    const { write, read, remove } = tier;
    const sound: UnitTier = { write: write.bind(tier), read: read.bind(tier), remove: remove.bind(tier) };
    return { ...sound, ...spoil(tier) };
  });
  return { units, options: {} };
}

/** One that keeps what it promises. */
export const SOUND_UNIT_TIER = harnessOf(() => ({}));

async function textOf(lines: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of lines) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** Writes another text than it was given. */
function writing(change: (text: string) => string): UnitTierHarness {
  return harnessOf((tier) => ({
    write: async (unit, lines) => tier.files.write(unit.name, piecesOf([change(await textOf(lines))])),
  }));
}

/** Keeps what it has in memory, of all that this process made. */
const memory = new Map<string, string>();

/** Faults that real stores have. */
export const SEEDED_UNIT_TIER_BUGS: readonly {
  readonly bug: string;
  readonly breaks: UnitTierPromise;
  readonly harness: UnitTierHarness;
}[] = [
  {
    bug: 'drops the last line',
    breaks: 'same',
    harness: writing((text) => text.split('\n').slice(0, -2).join('\n')),
  },
  {
    bug: 'drops lines that it has already',
    breaks: 'same',
    harness: writing((text) => [...new Set(text.split('\n'))].join('\n')),
  },
  {
    bug: 'keeps a line twice',
    breaks: 'same',
    harness: writing((text) => `${text.split('\n')[0]}\n${text}`),
  },
  {
    bug: 'changes a byte',
    breaks: 'same',
    harness: writing((text) => text.replace('12345678901234567890', '12345678901234567168')),
  },
  {
    bug: 'ends lines its own way',
    breaks: 'same',
    harness: writing((text) => text.replaceAll('\r\n', '\n')),
  },
  {
    bug: 'writes letters in another form',
    breaks: 'same',
    harness: writing((text) => text.normalize('NFC')),
  },
  {
    bug: 'sorts its lines',
    breaks: 'same',
    harness: writing((text) => `${text.trimEnd().split('\n').toSorted().join('\n')}\n`),
  },
  {
    bug: 'knows a day and a stream, and no more of a unit',
    breaks: 'apart',
    harness: harnessOf((tier) => ({
      write: (unit, lines) => tier.files.write(`${unit.stream}-${unit.day}`, lines),
      read: (unit) => tier.files.read(`${unit.stream}-${unit.day}`),
    })),
  },
  {
    bug: 'appends',
    breaks: 'again',
    harness: harnessOf((tier) => ({
      write: async (unit, lines) => appendFile(tier.pathOf(unit), await textOf(lines)),
    })),
  },
  {
    bug: 'gives nothing of what is missing, without a word',
    breaks: 'missing',
    harness: harnessOf((tier) => ({
      read: async function* (unit) {
        const names = await readdir(tier.directory);
        if (names.includes(`${unit.name}.ndjson`)) yield* tier.files.read(unit.name);
      },
    })),
  },
  { bug: 'removes nothing', breaks: 'remove', harness: harnessOf(() => ({ remove: async () => {} })) },
  {
    bug: 'removes a whole day',
    breaks: 'remove',
    harness: harnessOf((tier) => ({
      remove: async ({ day }) => {
        const names = (await readdir(tier.directory)).filter((name) => name.startsWith(String(day)));
        for (const name of names) await tier.files.remove(name.replace('.ndjson', ''));
      },
    })),
  },
  {
    bug: 'fails at what is gone already',
    breaks: 'remove',
    harness: harnessOf((tier) => ({
      remove: async (unit) => {
        await readFile(tier.pathOf(unit));
        await tier.files.remove(unit.name);
      },
    })),
  },
  {
    bug: 'answers before anything is on disk',
    breaks: 'durable',
    harness: harnessOf((tier) => ({
      write: async (unit, lines) => void memory.set(tier.pathOf(unit), await textOf(lines)),
      read: (unit) => piecesOf([memory.get(tier.pathOf(unit)) ?? '']),
    })),
  },
  {
    bug: 'writes at the very place',
    breaks: 'whole',
    harness: harnessOf((tier) => ({
      write: async (unit, lines) => {
        await writeFile(tier.pathOf(unit), '');
        for await (const piece of lines) await appendFile(tier.pathOf(unit), piece);
      },
    })),
  },
  {
    bug: 'takes lines that break off for all',
    breaks: 'whole',
    harness: harnessOf((tier) => ({
      write: async (unit, lines) => {
        const pieces: Uint8Array[] = [];
        try {
          for await (const piece of lines) pieces.push(piece);
        } catch {
          // What came is better than nothing, it believes.
        }
        await tier.files.write(unit.name, piecesOf(pieces));
      },
    })),
  },
];
