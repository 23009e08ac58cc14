import { MemoryCatalogue, type MemoryDisk } from '#catalogue/testing';
import type { AuditFacts } from '../audit-entry.js';
import { AuditRecord } from '../audit-record.js';

const DAY_MS = 86_400_000;

/** A record over a catalogue in memory, whose documents a test may change behind its back. */
export function auditScene() {
  const disk: MemoryDisk = new Map();
  const clock = { ms: Date.parse('2026-01-02T03:04:05Z') };
  const open = (): AuditRecord =>
    new AuditRecord({ catalogue: new MemoryCatalogue(disk), now: () => clock.ms });
  const record = open();
  return {
    ...{ disk, clock, open, record },
    catalogue: new MemoryCatalogue(disk),
    /** Entries `n1`, `n2` … with a second between them. */
    fill: async (count: number): Promise<void> => {
      for (let i = 1; i <= count; i += 1) {
        clock.ms += 1_000;
        await record.append(facts({ object: `n${i}` }));
      }
    },
    passDays: (days: number) => void (clock.ms += days * DAY_MS),
    /** The texts of the entries, by their ids. */
    texts: () => disk.get('audit') as Map<string, { readonly version: number; readonly text: string }>,
  };
}

/** Something to record. */
export function facts(part: Partial<AuditFacts> = {}): AuditFacts {
  return {
    actor: { kind: 'key', id: 'abcd1234', name: 'ops' },
    tenant: 'acme',
    action: 'rule.put',
    object: 'health',
    outcome: 'done',
    changes: [{ field: 'enabled', before: true, after: false }],
    ...part,
  };
}
