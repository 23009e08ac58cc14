import { describe, expect, it } from 'vitest';
import type { JobRecord } from '#job-queue';
import { shownJob, waitsFor } from './shown-job.js';

const JOB: JobRecord = {
  ...{ kind: 'retention.apply', id: 'plan', payload: {}, state: 'running', attempt: 2, progress: 0.5 },
  ...{ addedAt: 1_000, runAt: 1_000, startedAt: 5_000 },
};

describe('a job as the API shows it', () => {
  it('says what each step took, takes and waits for', () => {
    const job: JobRecord = {
      ...JOB,
      steps: [
        { name: 'remove', state: 'done', progress: 1, startedAt: 5_000, endedAt: 5_250 },
        { name: 'copy', state: 'running', progress: 0.5, note: 'web', startedAt: 5_250 },
        { name: 'move', state: 'waiting', progress: 0, waitsFor: 'copy' },
      ],
    };
    expect(shownJob(job, undefined, 6_000).steps).toEqual([
      {
        ...{ name: 'remove', state: 'done', progress: 1 },
        ...{ started_at: '1970-01-01T00:00:05.000000000Z', duration_ms: 250 },
      },
      {
        ...{ name: 'copy', state: 'running', progress: 0.5, note: 'web' },
        ...{ started_at: '1970-01-01T00:00:05.250000000Z', duration_ms: 750 },
      },
      { name: 'move', state: 'waiting', progress: 0, waits_for: 'copy' },
    ]);
  });

  it('says where a run stopped, and how earlier ones ended', () => {
    const job: JobRecord = {
      ...{ ...JOB, state: 'waiting', error: 'The archive is out.' },
      steps: [{ name: 'copy', state: 'running', progress: 0.5, startedAt: 5_250 }],
      history: [
        { attempt: 1, outcome: 'interrupted', startedAt: 2_000, endedAt: 3_000 },
        {
          ...{ attempt: 1, outcome: 'failed', startedAt: 5_000 },
          ...{ endedAt: 6_000, error: 'The archive is out.' },
        },
      ],
    };
    const shown = shownJob(job, 'its time', 90_000);
    expect(shown).toMatchObject({ waits_for: 'its time', error: 'The archive is out.' });
    expect(shown.steps?.[0]).toMatchObject({ state: 'stopped', duration_ms: 750 });
    expect(shown.history).toEqual([
      {
        attempt: 1,
        outcome: 'interrupted',
        started_at: '1970-01-01T00:00:02.000000000Z',
        duration_ms: 1_000,
      },
      {
        ...{
          attempt: 1,
          outcome: 'failed',
          started_at: '1970-01-01T00:00:05.000000000Z',
          duration_ms: 1_000,
        },
        error: 'The archive is out.',
      },
    ]);
  });
});

describe('what a job waits for', () => {
  const waiting: JobRecord = { ...JOB, state: 'waiting' };

  it('nothing, while it runs', () => {
    expect(waitsFor(JOB, [])).toBeUndefined();
  });

  it('what keeps the queue from starting any', () => {
    expect(waitsFor(waiting, [], true)).toMatch(/^the queue of jobs, which is out/);
  });

  it('its time', () => {
    const later = { ...waiting, runAt: 4_102_444_800_000 };
    expect(waitsFor(later, [])).toBe('its time, 2100-01-01T00:00:00.000000000Z');
  });

  it('another of its kind, else a worker', () => {
    const other = { ...JOB, id: 'other' };
    expect(waitsFor(waiting, [waiting, other])).toBe('another job of the kind retention.apply to end');
    expect(waitsFor(waiting, [waiting])).toBe('a worker to take it');
  });
});
