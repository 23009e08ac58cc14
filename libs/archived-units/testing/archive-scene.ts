import { createHash, generateKeyPairSync } from 'node:crypto';
import { manifestKey, partKey, signManifest, type Manifest, type SigningKey } from '#archive-format';
import { contentOfBytes, type ArchiveStorage } from '#archive-storage';
import { MemoryStorage } from '#archive-storage/testing';

/** A key that no file has. */
export function makeSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const id = createHash('sha256').update(der).digest('hex').slice(0, 16);
  return { id, publicKey: der.toString('base64'), privateKey };
}

/** An archive in memory, into which units are put as an appliance does. */
export class ArchiveScene {
  readonly storage: ArchiveStorage = new MemoryStorage(new Map());
  readonly key = makeSigningKey();

  constructor(private readonly tenant = 'acme') {}

  /** Puts a unit with three events in a file that has only its name; the manifest's key. */
  async put(more: Partial<Manifest> = {}, key = this.key): Promise<string> {
    const place = { tenant: this.tenant, stream: 'web', day: 20_260_101, generation: 0, ...more };
    const content = contentOfBytes(Buffer.from(`${place.day}-${place.generation}-${more.written_at ?? ''}`));
    const { bytes, sha256 } = content;
    const file = { key: partKey(place, sha256), bytes, sha256, events: 3 };
    const manifest: Manifest = {
      ...{ format: 1, ...place, through: 'f'.repeat(32), event_type: { name: 'log', version: 1 } },
      ...{ sorted_by: ['timestamp'], columns: [{ name: 'timestamp', type: "DateTime64(9, 'UTC')" }] },
      fingerprint: {
        ...{ events: 3, sum: '1', xor: '1', oldest: '1767225600000000000', newest: '1767225600000000009' },
        sources: [{ source: 'a', events: 3 }],
      },
      ...{ files: [file], written_by: { alluvium: '0.1.0', engine: 'e' } },
      written_at: '2026-01-03T02:00:00.000Z',
      ...more,
    };
    if (!more.files) await this.storage.put(file.key, content);
    return this.putText(place, signManifest(manifest, key));
  }

  /** Puts a manifest's text in the place of a unit. */
  async putText(
    place: {
      readonly tenant: string;
      readonly stream: string;
      readonly day: number;
      readonly generation: number;
    },
    text: string,
  ): Promise<string> {
    const content = contentOfBytes(Buffer.from(text));
    const key = manifestKey(place, content.sha256);
    await this.storage.put(key, content);
    return key;
  }
}
