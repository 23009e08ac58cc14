import { describe, expect, it } from 'vitest';
import { HealthState } from '#observability';

describe('health', () => {
  it('of the process follows its life', async () => {
    const health = new HealthState();
    const phases: unknown[] = [];
    const note = async () => phases.push((await health.ready()).get('process'));
    await note();
    health.markStarted();
    await note();
    health.markDraining();
    await note();
    expect(phases).toEqual([
      { status: 'down', detail: { phase: 'starting' } },
      { status: 'up', detail: { phase: 'running' } },
      { status: 'down', detail: { phase: 'draining' } },
    ]);
  });

  it('of a part is what it says; one that fails or is silent is down', async () => {
    const health = new HealthState(5);
    health.register('search', async () => ({ status: 'degraded', detail: { error: 'engine is gone' } }));
    health.register('bus', async () => Promise.reject(new Error('input/output error')));
    health.register('catalogue', () => new Promise(() => {}));
    expect(Object.fromEntries(await health.ready())).toMatchObject({
      search: { status: 'degraded', detail: { error: 'engine is gone' } },
      bus: { status: 'down', detail: { error: 'input/output error' } },
      catalogue: { status: 'down', detail: { error: 'gave no answer in time' } },
    });
  });
});
