import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBatch, waitingTexts } from '../testing/index.js';
import { LmdbEventBus } from './lmdb-event-bus.js';

const TEXTS = Array.from({ length: 6 }, (_, nth) => `block ${nth} ${String(nth).repeat(20_000)}`);
let directory = '';
let file = '';
let ids: readonly string[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'alluvium-bus-damage-'));
  file = join(directory, 'data.mdb');
  const bus = await LmdbEventBus.open({ directory });
  const batches = TEXTS.map((text) => makeBatch(text));
  ids = batches.flatMap(({ blocks }) => blocks.map(({ header }) => header.id));
  for (const batch of batches) await bus.publish([batch]);
  await bus.stop();
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Changes a byte of the file, so many bytes behind a text, wherever the text is: old pages hold copies of small values. */
function flipByte(text: string, behind: number): void {
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1))
    bytes.writeUInt8(bytes.readUInt8(at + behind) ^ 1, at + behind);
  writeFileSync(file, bytes);
}

async function open(): Promise<LmdbEventBus> {
  return LmdbEventBus.open({ directory });
}

describe('a damaged log', () => {
  it('delivers all blocks but the one whose body changed, which is kept in a file and counted', async () => {
    flipByte('block 2 ', 9000);
    const bus = await open();
    expect(await waitingTexts(bus)).toEqual(TEXTS.filter((_, nth) => nth !== 2));
    expect(bus.status()).toEqual({ corruptBlocks: 1 });
    const [kept = ''] = readdirSync(join(directory, 'corrupt'));
    expect(readFileSync(join(directory, 'corrupt', kept)).includes('block 2 222')).toBe(true);
    await bus.stop();
  });

  it('does so where a header changed', async () => {
    flipByte(ids[3] ?? '', 40);
    const bus = await open();
    expect(await waitingTexts(bus)).toEqual(TEXTS.filter((_, nth) => nth !== 3));
    expect(bus.status()).toEqual({ corruptBlocks: 1 });
    expect(bus.backlog()).toMatchObject({ blocks: TEXTS.length - 1 });
    await bus.stop();
  });

  it('still knows after a restart what it set aside, and sets nothing aside twice', async () => {
    flipByte('block 4 ', 100);
    const first = await open();
    await waitingTexts(first);
    await first.stop();
    const second = await open();
    expect(await waitingTexts(second)).toHaveLength(TEXTS.length - 1);
    expect(second.status()).toEqual({ corruptBlocks: 1 });
    await second.stop();
  });

  it('whose tail is torn off is opened or refused with what to do; it never ends the process', async () => {
    const whole = readFileSync(file);
    for (const cut of [1, 100, 4096, 20_000, 60_000]) {
      writeFileSync(file, whole);
      truncateSync(file, whole.length - cut);
      const result = await open().then(readAll, (error: unknown) => error);
      if (Array.isArray(result)) expect(TEXTS).toEqual(expect.arrayContaining(result));
      else expect(result).toMatchObject({ code: 'bus_damaged' });
    }
  });

  it('that is no log at all is refused with its directory and how to mend it', async () => {
    writeFileSync(file, 'not a log '.repeat(1000));
    const refused = open();
    await expect(refused).rejects.toMatchObject({ code: 'bus_damaged', retryable: false });
    await expect(open()).rejects.toThrow(
      new RegExp(`${directory} can't be opened .*move the directory aside`),
    );
  });
});

async function readAll(bus: LmdbEventBus): Promise<readonly string[]> {
  const texts = await waitingTexts(bus);
  await bus.stop();
  return texts;
}
