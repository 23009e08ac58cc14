import { expect, it } from 'vitest';
import { AccessError } from './access.errors.js';
import { digestOf, KeyVerdicts, type Verdict } from './key-verdicts.js';
import { principalWith } from './testing/access-fixture.js';

const known: Verdict = { principal: principalWith(), expiresAtMs: Number.POSITIVE_INFINITY };
const refused: Verdict = new AccessError('unauthenticated', 'no');

it('verdicts are bounded, and a flood of refused keys pushes out no good one', async () => {
  const verdicts = new KeyVerdicts();
  await verdicts.judge(digestOf('good'), async () => known);
  for (let i = 0; i < 10_500; i += 1) await verdicts.judge(digestOf(`bad ${i}`), async () => refused);
  expect(verdicts.size).toBe(10_001);
  expect(verdicts.find(digestOf('good'))).toBe(known);
  expect(verdicts.find(digestOf('bad 10499'))).toBe(refused);
  expect(verdicts.find(digestOf('bad 0'))).toBeUndefined();
});

it('the key that was used longest ago is forgotten first', async () => {
  const verdicts = new KeyVerdicts();
  for (let i = 0; i < 10_000; i += 1) await verdicts.judge(`d${i}`, async () => known);
  verdicts.find('d0');
  await verdicts.judge('one more', async () => known);
  expect(verdicts.find('d0')).toBe(known);
  expect(verdicts.find('d1')).toBeUndefined();
});
