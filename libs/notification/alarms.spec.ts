import { describe, expect, it } from 'vitest';
import type { Notification } from '#plugin-kit';
import { Alarms, type Condition } from './alarms.js';

const MINUTE = 60_000;
const disk: Condition = {
  kind: 'disk',
  key: 'disk',
  severity: 'critical',
  title: 'Full',
  text: 'Free some.',
  facts: { free: 1 },
};
const input: Condition = { ...disk, kind: 'input', key: 'input/a', severity: 'warning' };

function scene() {
  const clock = { ms: 0 };
  const told: Notification[] = [];
  const alarms = new Alarms(
    (one) => void told.push(one),
    () => clock.ms,
  );
  const at = (minutes: number, ...conditions: readonly Condition[]): readonly string[] => {
    clock.ms = minutes * MINUTE;
    told.length = 0;
    alarms.update(conditions);
    return told.map(({ status, key }) => `${status} ${key}`);
  };
  return { alarms, told, at };
}

describe('alarms', () => {
  it('tell when something begins and when it is over, and not in between', () => {
    const { at } = scene();
    expect(at(0, disk)).toEqual(['raised disk']);
    expect(at(1, disk, input)).toEqual(['raised input/a']);
    expect(at(2, disk, input)).toEqual([]);
    expect(at(4, disk)).toEqual(['cleared input/a']);
    expect(at(6)).toEqual(['cleared disk']);
    expect(at(7)).toEqual([]);
    expect(at(8, disk)).toEqual(['raised disk']);
  });

  it('take what comes and goes for one thing', () => {
    const { at, alarms } = scene();
    expect(at(0, disk)).toEqual(['raised disk']);
    for (let n = 1; n < 20; n += 1) expect(at(n / 2, ...(n % 2 === 0 ? [disk] : []))).toEqual([]);
    expect(alarms.list()).toHaveLength(1);
  });

  it('tell again every six hours', () => {
    const { at, alarms } = scene();
    at(0, disk);
    for (let n = 1; n < 360; n += 1) expect(at(n, disk)).toEqual([]);
    expect(at(360, { ...disk, facts: { free: 0 } })).toEqual(['raised disk']);
    expect(at(361, disk)).toEqual([]);
    expect(alarms.list()[0]?.condition).toEqual(disk);
  });

  it('carry what is so, each under an id of its own', () => {
    const { at, told } = scene();
    at(0, disk, input);
    expect(told[0]).toMatchObject({ ...disk, status: 'raised', time: expect.stringMatching(/Z$/) });
    expect(told[0]?.id).not.toBe(told[1]?.id);
  });
});
