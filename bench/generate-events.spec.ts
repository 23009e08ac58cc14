import { describe, expect, it } from 'vitest';
import { generateEvents } from './generate-events.js';

const plan = {
  seed: 1,
  events: 20_000,
  startMs: Date.parse('2026-11-20T00:00:00Z'),
  endMs: Date.parse('2026-11-21T00:00:00Z'),
};
const lines = [...generateEvents(plan)];
const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('generated events', () => {
  it('are the same for the same seed and others for another', () => {
    expect([...generateEvents({ ...plan, events: 20_000 })].slice(0, 50)).toEqual(lines.slice(0, 50));
    expect([...generateEvents({ ...plan, seed: 2 })][0]).not.toBe(lines[0]);
  });

  it('have the fields of a service log and nothing else', () => {
    const names =
      'timestamp level service host message user_id ip trace_id span_id latency_ms status region version';
    for (const event of events.slice(0, 500)) expect(Object.keys(event)).toEqual(names.split(' '));
  });

  it('are about as long and as mixed as those of real services', () => {
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) / lines.length;
    expect(bytes).toBeGreaterThan(310);
    expect(bytes).toBeLessThan(370);
    const errors = events.filter(({ level }) => level === 'ERROR').length / events.length;
    expect(errors).toBeGreaterThan(0.025);
    expect(errors).toBeLessThan(0.035);
    expect(new Set(events.map((event) => event['user_id'])).size).toBeGreaterThan(5_000);
  });

  it('fill the time they were asked to fill', () => {
    const times = events.map((event) => Date.parse(String(event['timestamp'])));
    expect(Math.min(...times)).toBeLessThan(plan.startMs + 60_000);
    expect(Math.max(...times)).toBeGreaterThan(plan.endMs - 60_000);
  });
});
