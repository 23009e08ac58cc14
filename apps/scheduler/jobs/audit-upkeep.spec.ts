import { expect, it } from 'vitest';
import type { AuditFacts } from '#audit';
import { Scene } from '../testing/scene.js';

const FACTS: AuditFacts = {
  ...{
    actor: { kind: 'appliance' },
    tenant: null,
    action: 'rule.put',
    object: 'x',
    outcome: 'done',
    changes: [],
  },
};
const DAY_MS = 86_400_000;
const { signal } = new AbortController();

it('the upkeep of the audit record verifies it, and removes what is older than the retention', async () => {
  const scene = new Scene();
  for (let day = 0; day < 3; day += 1) {
    await scene.audit.append(FACTS);
    scene.clock.ms += DAY_MS;
  }
  await scene.auditUpkeep.run(signal, scene.clock.ms);
  expect(await scene.audit.count()).toBe(3);
  expect(await scene.audit.verifier.last()).toMatchObject({ whole: true, entries: 3 });
  scene.clock.ms += 364 * DAY_MS;
  await scene.auditUpkeep.run(signal, scene.clock.ms);
  const { entries } = await scene.audit.list({}, { limit: 10 });
  expect(entries.map(({ sequence, action }) => [sequence, action])).toEqual([
    [4, 'audit.prune'],
    [3, 'rule.put'],
  ]);
  expect(scene.auditErrors).toEqual([]);
});

it('the upkeep of the audit record tells of one that was rewritten', async () => {
  const scene = new Scene();
  await scene.audit.append(FACTS);
  await scene.catalogue.write([
    { collection: 'audit', id: '000000000000001', value: { ...FACTS, sequence: 1 } },
  ]);
  await scene.auditUpkeep.run(signal);
  expect(scene.auditErrors).toMatchObject([{ sequence: 1, problem: 'changed' }]);
  expect(await scene.audit.verifier.last()).toMatchObject({ whole: false });
});
