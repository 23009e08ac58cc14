import { expect, it } from 'vitest';
import { contentOfBytes, LocalObjects, TierObjects, type WantedObject } from './index.js';
import { CheckedStorage } from './checked-storage.js';
import { filesWithTiers, StorageWithTiers } from './storage-with-tiers.js';
import { MemoryStore } from './testing/memory-store.js';

const OWN = 'tenant=a/part-1.parquet';
const TIER = 'tier=cold/tenant=a/part-1.ndjson';
const CONTENT = contentOfBytes(Buffer.from('{}\n'));

/** Keeps what it is given as text. */
class TextTiers extends TierObjects {
  readonly texts = new Map<string, string>();

  async put(key: string, { open }: typeof CONTENT): Promise<void> {
    for await (const chunk of open()) this.texts.set(key, Buffer.from(chunk).toString());
  }
  async *get(key: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(this.texts.get(key) ?? '');
  }
  async delete(key: string): Promise<void> {
    this.texts.delete(key);
  }
  async toFile(): Promise<void> {}
}

async function scene() {
  const tiers = new TextTiers();
  const archive = new CheckedStorage(new MemoryStore(new Map()));
  return { tiers, archive, both: new StorageWithTiers(archive, tiers) };
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

it('objects go where their keys say, and nothing of a tier is in the archive', async () => {
  const { archive, both, tiers } = await scene();
  await both.put(OWN, CONTENT);
  expect(await both.put(TIER, CONTENT)).toEqual({ added: true });
  expect([...tiers.texts.keys()]).toEqual([TIER]);
  for (const key of [OWN, TIER]) {
    expect(await textOf(await both.get(key, { sha256: CONTENT.sha256 }))).toBe('{}\n');
    expect((await both.list('')).map((one) => one.key)).toEqual([OWN]);
  }
  await both.delete(TIER);
  expect([tiers.texts.size, (await archive.list('')).length]).toEqual([0, 1]);
  await both.delete(OWN);
  expect(await both.head(OWN)).toBeUndefined();
});

it('what a tier gives back is held against its sum, and is whole', async () => {
  const { both, tiers } = await scene();
  await both.put(TIER, CONTENT);
  tiers.texts.set(TIER, '{ }\n');
  const reading = both.get(TIER, { sha256: CONTENT.sha256 }).then(textOf);
  await expect(reading).rejects.toMatchObject({ code: 'archive_object_damaged' });
  const part = both.get(TIER, { range: { offset: 0, length: 1 } });
  await expect(part).rejects.toMatchObject({ code: 'archive_range_invalid' });
});

it.each(['tier=cold/../x.json', 'tier=cold/A.json', 'tier=cold/x'])('%s is no key of a tier', async (key) => {
  const { both } = await scene();
  for (const step of [both.put(key, CONTENT), both.get(key), both.delete(key)])
    await expect(step).rejects.toMatchObject({ code: 'archive_key_invalid' });
});

/** Holds all that it is asked for, or fails. */
class Files extends LocalObjects {
  held = 0;

  constructor(
    private readonly name: string,
    private readonly fails = false,
  ) {
    super();
  }

  async hold(wanted: readonly WantedObject[]) {
    if (this.fails) throw new Error('no room');
    this.held += 1;
    const paths = new Map(wanted.map(({ key }) => [key, `${this.name}/${key}`]));
    return { paths, release: () => void (this.held -= 1) };
  }
}

it('files of both are held together, and let go together', async () => {
  const [archive, tiers] = [new Files('archive'), new Files('tier')];
  const wanted = [OWN, TIER].map((key) => ({ key, bytes: 3, sha256: CONTENT.sha256 }));
  const held = await filesWithTiers(archive, tiers).hold(wanted);
  expect([...held.paths.values()]).toEqual([`archive/${OWN}`, `tier/${TIER}`]);
  expect([archive.held, tiers.held]).toEqual([1, 1]);
  held.release();
  expect([archive.held, tiers.held]).toEqual([0, 0]);
  await expect(filesWithTiers(archive, new Files('tier', true)).hold(wanted)).rejects.toThrow('no room');
  expect(archive.held).toBe(0);
});
