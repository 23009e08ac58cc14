import { readManifest, signManifest, type Manifest, type SigningKey, type UnitPlace } from '#archive-format';
import type { ArchiveColumn, UnitFingerprint } from '#plugin-kit';

/** What a manifest says of a unit. */
export interface UnitFacts {
  readonly place: UnitPlace & { readonly generation: number };
  /** The last block of its events. */
  readonly through: string;
  readonly eventType: Manifest['event_type'];
  readonly columns: readonly ArchiveColumn[];
  readonly sortedBy: readonly string[];
  readonly fingerprint: UnitFingerprint;
  readonly files: Manifest['files'];
  /** Of a merged unit. */
  readonly replaces?: Manifest['replaces'];
}

/** Who writes it. */
export interface UnitSigner {
  readonly key: SigningKey;
  /** Of this installation. */
  readonly version: string;
  readonly engine: string;
}

/** Makes the manifest of a unit: what it says, and the text of its object. */
export function signedUnit(
  { place, through, eventType, columns, sortedBy, fingerprint, files, replaces }: UnitFacts,
  { key, version, engine }: UnitSigner,
): { readonly content: Manifest; readonly text: string } {
  const { events, sum, xor, oldest = 0n, newest = 0n, sources } = fingerprint;
  const text = signManifest(
    {
      ...{ format: formatOf({ files, replaces }), ...place, through, event_type: eventType },
      ...{ sorted_by: [...sortedBy], columns: [...columns], files },
      ...(replaces && { replaces }),
      fingerprint: {
        ...{ events, sum, xor, oldest: String(oldest), newest: String(newest) },
        sources: [...sources],
      },
      written_by: { alluvium: version, engine },
      written_at: new Date().toISOString(),
    },
    key,
  );
  return { content: readManifest(text, (id) => id === key.id).manifest, text };
}

function formatOf({ files, replaces }: Pick<UnitFacts, 'files' | 'replaces'>): Manifest['format'] {
  if (replaces) return 3;
  return files.some(({ encryption }) => encryption !== undefined) ? 2 : 1;
}
