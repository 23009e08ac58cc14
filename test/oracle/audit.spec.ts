import { describe, expect, it } from 'vitest';
import type { FoundEvent, FoundQuarantined } from '../support/api-client.js';
import { Audit } from './audit.js';
import type { RequestRecord } from './obligations.js';
import { makeLine, type OracleLine } from './oracle-lines.js';
import { Violations, type ViolationKind } from './violations.js';

const plan = { run: 'r1', seed: 7, baseMs: Date.parse('2026-11-21T10:00:00Z') };
const request: RequestRecord = { producer: 1, first: 0, count: 60, outcome: 'acked', receipt: 'receipt' };
const lines = Array.from({ length: request.count }, (_, sequence) =>
  makeLine(plan, { producer: 1, sequence }),
);
const DECLARED = 'level service host message trace_id user_id latency_ms status'.split(' ');

/** An event as the API shows it. */
function show(line: OracleLine): FoundEvent {
  const { timestamp = '2026-11-21T10:00:01.000Z', ...sent } = line.event ?? {
    oracle: /r1-\d+-\d+/.exec(line.bytes.toString())?.[0],
  };
  const entries = Object.entries(sent);
  return {
    event_id: 'id',
    timestamp: String(timestamp).replace('Z', '000000Z'),
    observed_timestamp: '2026-11-21T10:00:01.000000000Z',
    event_type: 'service-log',
    region: null,
    ...Object.fromEntries(entries.filter(([name]) => DECLARED.includes(name))),
    attributes: Object.fromEntries(entries.filter(([name]) => !DECLARED.includes(name))),
  };
}

const showRaw = (line: OracleLine): FoundQuarantined => ({
  event_id: 'id',
  reason: 'r',
  raw_base64: line.bytes.toString('base64'),
});

/** Audits what a perfect system would hold after `change` did something to it. */
function audit(
  change: (stored: FoundEvent[], bad: FoundQuarantined[]) => void,
  requests = [request],
): Violations {
  const violations = new Violations();
  const checked = new Audit(plan, violations);
  const stored = lines.filter((line) => line.kind === 'good').map(show);
  const bad = lines.filter((line) => line.kind !== 'good').map(showRaw);
  change(stored, bad);
  stored.forEach((event) => checked.addStored(event));
  bad.forEach((row) => checked.addQuarantined(row));
  checked.settle(requests);
  return violations;
}

const only = (kind: ViolationKind, violations: Violations): number =>
  violations.total === violations.count(kind) ? violations.count(kind) : -1;

describe('audit', () => {
  it('has nothing to say of a perfect system, with good and bad lines', () => {
    expect(lines.some((line) => line.kind !== 'good')).toBe(true);
    const violations = audit(() => undefined);
    expect(violations.describe()).toBe('');
  });

  it('finds what is lost, in the table and in quarantine', () => {
    expect(
      only(
        'lost',
        audit((stored, bad) => void [stored.pop(), bad.pop()]),
      ),
    ).toBe(2);
  });

  it('finds what is there twice, also when its request was never answered', () => {
    const twice = (stored: FoundEvent[]) => void stored.push(...stored.slice(0, 3));
    expect(only('twice', audit(twice))).toBe(3);
    expect(only('twice', audit(twice, [{ ...request, outcome: 'unknown' }]))).toBe(3);
  });

  it('lets an unanswered request be there or not, but not in part', () => {
    const unknown: RequestRecord = { ...request, outcome: 'unknown' };
    const nothing = (stored: FoundEvent[], bad: FoundQuarantined[]) => void [stored.splice(0), bad.splice(0)];
    expect(audit(() => undefined, [unknown]).total).toBe(0);
    expect(audit(nothing, [unknown]).total).toBe(0);
    expect(
      only(
        'partial',
        audit((stored) => void stored.pop(), [unknown]),
      ),
    ).toBe(1);
  });

  it('finds what was never sent, or was refused', () => {
    expect(
      only(
        'not_issued',
        audit(() => undefined, [{ ...request, outcome: 'refused' }]),
      ),
    ).toBe(request.count);
    expect(
      only(
        'not_issued',
        audit(() => undefined, [{ ...request, count: 50 }]),
      ),
    ).toBe(10);
    const foreign = { event_id: 'x', timestamp: '2026-11-21T10:00:00Z', message: 'hello' };
    expect(
      only(
        'not_issued',
        audit((stored) => void stored.push(foreign)),
      ),
    ).toBe(1);
  });

  it.each([
    ['a value', { level: 'other' }],
    ['a type', { status: '200' }],
    ['a time', { timestamp: '2026-11-21T10:00:00.123456789Z' }],
    ['a field more', { attributes: { oracle: 'r1-1-0', more: 1 } }],
  ])('finds a change of %s', (_what, patch) => {
    const first = lines.findIndex((line) => line.kind === 'good');
    expect(first).toBe(0);
    expect(
      only(
        'changed',
        audit((stored) => void (stored[0] = { ...stored[0]!, ...patch })),
      ),
    ).toBeGreaterThan(0);
  });

  it('finds raw bytes that differ', () => {
    const flip = (_: FoundEvent[], bad: FoundQuarantined[]) => {
      const raw = Buffer.from(bad[0]?.raw_base64 ?? '', 'base64');
      bad[0] = {
        event_id: 'id',
        reason: 'r',
        raw_base64: Buffer.concat([raw, Buffer.from(' ')]).toString('base64'),
      };
    };
    expect(only('changed', audit(flip))).toBe(1);
  });

  it('finds a good line in quarantine', () => {
    const good = lines.findIndex((line) => line.kind === 'good');
    const move = (stored: FoundEvent[], bad: FoundQuarantined[]) => {
      stored.splice(0, 1);
      bad.push(showRaw(lines[good]!));
    };
    expect(only('wrong_place', audit(move))).toBe(1);
  });
});
