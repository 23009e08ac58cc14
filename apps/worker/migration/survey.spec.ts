import { beforeEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { StoredUnit, StreamSpec } from '#plugin-kit';
import type { StreamRecord } from '#storage-tier';
import { remadeOf } from './remade.js';
import { survey, type OldAppliance } from './survey.js';

const eventType = {
  name: 'log',
  title: '',
  description: '',
  fields: [],
  sortBy: [],
  rollUps: [],
  example: {},
};
const unit = (day: number, events: number): StoredUnit => ({
  ...{ day, generation: 0, events, diskBytes: events * 10, oldest: 1n, newest: 2n },
});

let catalogue: MemoryCatalogue;
let records: StreamRecord[];
let backlog: { readonly blocks: number; readonly events: number };
beforeEach(() => {
  catalogue = new MemoryCatalogue();
  records = [recordOf('web'), recordOf('shop')];
  backlog = { blocks: 0, events: 0 };
});

function recordOf(name: string, more: Partial<StreamRecord> = {}): StreamRecord {
  return { tenant: 'acme', name, event_type: 'log', keep_raw: 'when_needed', created_at: '', ...more };
}
const look = () =>
  survey({
    catalogue,
    bus: { backlog: () => ({ ...backlog, bytes: 0 }) as ReturnType<OldAppliance['bus']['backlog']> },
    streams: {
      records: async () => records,
      find: async (tenant, name): Promise<StreamSpec> => ({
        tenant,
        name,
        eventType,
        keepRaw: 'when_needed',
      }),
    },
    tier: () => ({
      storedUnits: async ({ name }) => (name === 'web' ? [unit(20_260_101, 5), unit(20_260_102, 7)] : []),
      countQuarantine: async () => [{ stream: 'web', source: 'a', minute: 60_000, events: 3 }],
    }),
  });

it('counts what there is to be moved, and what stays behind', async () => {
  records.push(recordOf('old', { read_only: 'attached' }), recordOf('copy', { read_only: 'restored' }));
  const legalHolds = { held: ['a'], setting: ['b', 'a'], refused: [{ key: 'c', detail: '', since: '' }] };
  await catalogue.write([{ collection: 'archive-legal-holds', id: 'acme/web', value: legalHolds }]);
  const found = await look();
  expect(found).toMatchObject({
    ...{ units: 2, events: 12, diskBytes: 120, largestBytes: 70, quarantined: 3, restored: ['acme/copy'] },
    streams: [{ units: [{ day: 20_260_102 }, { day: 20_260_101 }] }, { units: [] }],
  });
  const remade = remadeOf(found, Date.parse('2026-11-23T10:00:00Z'));
  const refused = { stored: 0, quarantined: 3, deduplicated: 0, dropped: 0 };
  expect(remade).toMatchObject({
    'ledger-totals': new Map([['acme/web/a', { ...refused, received: 3, from: 60_000, through: 60_000 }]]),
    'ledger-folds': new Map([['acme', { through: 60_000 }]]),
  });
  expect([...(remade['streams']?.keys() ?? [])]).toEqual(['acme/web', 'acme/shop', 'acme/old']);
  expect([...(remade['archive-legal-holds'] ?? [])]).toEqual([
    ['acme/web', { held: [], setting: ['a', 'b'], refused: [] }],
  ]);
  expect([...(remade['archived-units'] ?? [])]).toMatchObject([
    ['acme/web', { awaited: [{ events: 7 }, { events: 5 }], sealed: { through: 20_261_125, generation: 1 } }],
  ]);
});

it('refuses what is not at rest, with what to do', async () => {
  backlog = { blocks: 2, events: 9 };
  await expect(look()).rejects.toMatchObject({
    ...{ code: 'migration_refused', message: expect.stringMatching(/^9 events wait.*start the old/) },
  });
  backlog = { blocks: 0, events: 0 };
  for (const collection of ['unit-removals', 'ledger-moves']) {
    await catalogue.write([{ collection, id: 'acme/web', value: {} }]);
    await expect(look()).rejects.toThrow(/was broken off there: start the old/);
    await catalogue.write([{ collection, id: 'acme/web', value: undefined }]);
  }
  records = [recordOf('docs', { stored_in: 'documents' })];
  await expect(look()).rejects.toThrow(/"acme\/docs" is kept as documents/);
  records = [recordOf('twice', { stored_in: 'both' })];
  await expect(look()).rejects.toThrow(/"acme\/twice" has a copy on a MongoDB/);
});
