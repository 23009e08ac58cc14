import { expect, it } from 'vitest';
import { amendOutcome } from './amend-outcome.js';
import type { KeptOutcome } from './block-outcome.js';

const KEPT: KeptOutcome = {
  ...{ tenant: 'acme', stream: 'web', source: 'a', received_minute: 0, count: 10, offset: 0 },
  quarantined: { not_json: '0-3', 'type:n': '7' },
  deduplicated: '9',
  dropped: { sample: '8' },
  expires_at: 5,
};

it('says where rows that were in quarantine are now, however often it is made', () => {
  const amendment = {
    stored: [0, 7],
    deduplicated: [1],
    dropped: { policy: 'resolved', rows: [2] },
    refused: [{ row: 3, reason: 'missing:id' }],
  };
  const once = amendOutcome(KEPT, amendment);
  expect(once).toEqual({
    ...KEPT,
    quarantined: { 'missing:id': '3' },
    deduplicated: '1,9',
    dropped: { sample: '8', resolved: '2' },
  });
  expect(amendOutcome(once, amendment)).toEqual(once);
});

it('leaves all else as it is', () => {
  const nothing = { stored: [], deduplicated: [], dropped: { policy: 'resolved', rows: [] }, refused: [] };
  expect(amendOutcome(KEPT, nothing)).toEqual(KEPT);
});
