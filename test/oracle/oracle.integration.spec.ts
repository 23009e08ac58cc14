import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeSystem, type SeededBug } from './fake-system.js';
import type { Fault } from './faults.js';
import { Oracle, type OracleOptions } from './oracle.js';
import type { ViolationKind } from './violations.js';

const KILL: Fault = { kind: 'kill', afterMs: 150 };
const POINT: Fault = { kind: 'point', name: 'fake.request', nth: 3 };
/** Not every request can be torn: some have one line, some are repeated under their key. */
const TEN_POINTS: readonly Fault[] = Array.from({ length: 10 }, (_, i) => ({ ...POINT, nth: 5 + i }));
const TERM: Fault = { kind: 'sigterm', afterMs: 100 };

describe('oracle', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alluvium-oracle-spec-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function judge(bug: SeededBug, faults: readonly Fault[], patience: Partial<OracleOptions> = {}) {
    const system = new FakeSystem(bug);
    const options: OracleOptions = {
      plan: { run: 'spec', seed: 11, baseMs: Date.now() },
      faults,
      connections: 4,
      verifyEvery: 2,
      eventsPerRound: 600,
      obligationsPath: join(directory, 'obligations.ndjson'),
      drainTimeoutMs: 100,
      pointTimeoutMs: 300,
      log: () => undefined,
      ...patience,
    };
    const oracle = new Oracle(system, options);
    await oracle.run();
    await system.kill();
    return oracle;
  }

  it('passes a system that keeps its word through kills, fault points and orderly ends', async () => {
    const oracle = await judge({}, [KILL, POINT, TERM, KILL]);
    expect(oracle.violations.describe()).toBe('');
    expect(oracle.tally.acknowledged).toBeGreaterThan(100);
    expect(oracle.tally.describe()).toContain('fake.request 1/1');
  });

  it('keeps every acknowledgement in the obligations file', async () => {
    const obligationsPath = join(directory, 'kept.ndjson');
    const oracle = await judge({}, [KILL, KILL], { obligationsPath });
    const lines = (await readFile(obligationsPath, 'utf8')).trim().split('\n');
    const acked = lines.map((line) => JSON.parse(line) as { outcome: string; count: number });
    const sum = acked
      .filter(({ outcome }) => outcome === 'acked')
      .reduce((total, { count }) => total + count, 0);
    expect(sum).toBe(oracle.tally.acknowledged);
  });

  it.each<[SeededBug, ViolationKind, readonly Fault[]]>([
    [{ losesEvery: 5 }, 'lost', [KILL]],
    [{ doublesEvery: 5 }, 'twice', [KILL]],
    [{ tearsRequests: true }, 'partial', TEN_POINTS],
    [{ acceptsWrongTypes: true }, 'wrong_place', [KILL]],
    [{ wrongRollUps: true }, 'roll_ups', [KILL]],
    [{ residue: 1 }, 'ledger', [KILL]],
    [{ ignoresFaults: true }, 'fault_not_fired', [POINT]],
  ])('finds the bug in a system that %j', async (bug, kind, faults) => {
    const { violations } = await judge(bug, faults);
    expect(violations.count(kind)).toBeGreaterThan(0);
  });
});
