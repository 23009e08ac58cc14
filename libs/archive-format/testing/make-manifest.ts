import type { Manifest } from '../manifest.js';
import { partKey } from '../unit-paths.js';

/** A manifest of one file with three events, but for what is given. */
export function makeManifest(more: Partial<Manifest> = {}): Manifest {
  const place = { tenant: 'acme', stream: 'web', day: 20_261_103 };
  const sha256 = '0f'.repeat(32);
  return {
    ...{ format: 1, ...place, generation: 0, through: '0123456789abcdef0123456789abcdef' },
    event_type: { name: 'log', version: 1 },
    sorted_by: ['service', 'timestamp'],
    columns: [{ name: 'timestamp', type: "DateTime64(9, 'UTC')" }],
    fingerprint: {
      ...{ events: 3, sum: '18446744073709551615', xor: '0', oldest: '1793664000000000000' },
      newest: '1793664000000000002',
      sources: [
        { source: 'a', events: 1 },
        { source: 'b', events: 2 },
      ],
    },
    files: [{ key: partKey(place, sha256), bytes: 10, sha256, events: 3 }],
    written_by: { alluvium: '0.1.0', engine: '26.7.2.1' },
    written_at: '2026-11-04T02:00:00.000Z',
    ...more,
  };
}
