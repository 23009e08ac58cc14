import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputScene, OFFICE, SOURCES } from './testing/input-scene.js';

let scene: InputScene;
beforeEach(async () => {
  scene = await InputScene.start();
});
afterEach(() => scene.stop());

describe('an input of the boot settings', () => {
  const wish = { ...OFFICE, name: 'syslog', enabled: true, sources: [{ ...SOURCES[0]!, tenant: 'default' }] };

  it('keeps the sources and the switch that were changed, and takes its options anew', async () => {
    const manager = scene.manager;
    await manager.start([wish]);
    await scene.ask('PATCH', '/syslog', { sources: [{ networks: ['192.0.2.0/24'], stream: 'other' }] });
    await manager.start([{ ...wish, options: { port: 3 } }]);
    const { body } = await scene.ask('GET', '/syslog');
    expect([body['from'], body['options'].port, body['sources'][0]?.stream]).toEqual([
      'settings',
      3,
      'other',
    ]);
  });

  it('is neither deleted nor given other options', async () => {
    await scene.manager.start([wish]);
    for (const [method, payload] of [
      ['PATCH', { options: { port: 2 } }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await scene.ask(method, '/syslog', payload);
      expect([answer.status, answer.body['code']]).toEqual([409, 'input_from_settings']);
    }
    expect((await scene.ask('POST', '/syslog/stop')).body['state']).toBe('stopped');
  });

  it('stays, but does not run, where the settings are gone', async () => {
    const manager = scene.manager;
    await manager.start([wish]);
    await manager.stop();
    await manager.start([]);
    expect((await scene.ask('GET', '/syslog')).body['state']).toBe('stopped');
  });
});

describe('an input of the catalogue', () => {
  it('starts with the server, and fails where its plugin is gone', async () => {
    const record = { ...OFFICE, enabled: true, from: 'api', created_at: 'x', updated_at: 'x' };
    await scene.api.catalogue.write([
      { collection: 'inputs', id: 'office', value: record },
      { collection: 'inputs', id: 'old', value: { ...record, name: 'old', kind: 'gone' } },
      { collection: 'inputs', id: 'off', value: { ...record, name: 'off', enabled: false } },
    ]);
    await scene.manager.start([]);
    const { body } = await scene.ask('GET', '');
    const states = body['inputs'].map((input: Record<string, unknown>) => [input['name'], input['state']]);
    expect(states).toEqual([
      ['off', 'stopped'],
      ['office', 'running'],
      ['old', 'failed'],
    ]);
    expect(body['inputs'][2]?.last_error?.message).toMatch(/No plugin brings inputs of the kind "gone"/);
  });

  it('keeps its port from a younger one that asks for the same', async () => {
    const [older, younger] = [
      { ...OFFICE, name: 'z-older' },
      { ...OFFICE, name: 'a-younger' },
    ];
    await scene.manager.start([]);
    await scene.ask('POST', '', older);
    await scene.ask('POST', '', younger);
    await scene.manager.stop();
    await scene.manager.start([]);
    const states = (await scene.ask('GET', '')).body['inputs'].map(({ state }: { state: string }) => state);
    expect(states).toEqual(['failed', 'running']);
  });

  it('is tried again every ten seconds where it failed, and not where it was stopped', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await scene.manager.start([]);
      scene.inputs.portsInUse.add(1);
      const failed = await scene.ask('POST', '', OFFICE);
      await scene.ask('POST', '', { ...OFFICE, name: 'off', enabled: false });
      await vi.advanceTimersByTimeAsync(10_000);
      const still = await scene.ask('GET', '/office');
      scene.inputs.portsInUse.clear();
      await vi.advanceTimersByTimeAsync(10_000);
      const found = [failed, still, await scene.ask('GET', '/office'), await scene.ask('GET', '/off')];
      expect(found.map(({ body }) => body.state)).toEqual(['failed', 'failed', 'running', 'stopped']);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('an input that another process changes', () => {
  it('is made, changed, stopped and taken away here too', async () => {
    await scene.manager.start([]);
    const record = { ...OFFICE, enabled: true, from: 'api', created_at: 'x', updated_at: 'x' };
    const keep = (value: unknown) =>
      scene.api.catalogue.write([{ collection: 'inputs', id: 'office', value }]);
    const found = async () => {
      const { body } = await scene.ask('GET', '/office');
      return [body['state'] ?? body['code'], body['options']?.port];
    };
    await keep(record);
    await expect.poll(found).toEqual(['running', 1]);
    await keep({ ...record, options: { port: 2 }, updated_at: 'y' });
    await expect.poll(found).toEqual(['running', 2]);
    await keep({ ...record, enabled: false, updated_at: 'z' });
    await expect.poll(found).toEqual(['stopped', 1]);
    await keep(undefined);
    await expect.poll(found).toEqual(['input_not_found', undefined]);
  });
});
