import { expect, it } from 'vitest';
import type { AuditFacts } from '#audit';
import type { RetentionRun, UnitOutcome } from '#retention';
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

it('runs of retention that have ended go with the record of them, and what became of their units', async () => {
  const { auditUpkeep, catalogue, clock, runs } = new Scene();
  const begin = async (id: string, begunMs: number) => {
    const begun_at = new Date(begunMs).toISOString();
    const run = { id, tenant: 'acme', by: { kind: 'schedule' }, begun_at, state: 'running' } as const;
    await runs.begin({ ...run, planned: { units: 0, events: 0, bytes: 0 } });
    await runs.keepNewest(run, [{ at: begun_at } as UnitOutcome]);
    return (state: RetentionRun['state']) =>
      runs.end({ ...run, state, planned: { units: 0, events: 0, bytes: 0 } });
  };
  await (
    await begin('1', clock.ms)
  )('done');
  await begin('2', clock.ms);
  await (
    await begin('3', clock.ms + 2 * DAY_MS)
  )('failed');
  await auditUpkeep.run(signal, clock.ms + 366 * DAY_MS);
  expect((await runs.list('acme')).map(({ id }) => id)).toEqual(['3', '2']);
  expect((await catalogue.scan('retention-run-units')).map(({ id }) => id)).toEqual([
    'acme/2/000000',
    'acme/3/000000',
  ]);
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
