import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventBusError } from '#event-bus';
import { InputScene, OFFICE } from './testing/input-scene.js';

let scene: InputScene;
beforeEach(async () => {
  scene = await InputScene.start();
});
afterEach(() => scene.stop());

describe('a server without room', () => {
  it('lets an input wait, and takes its messages once when there is room', async () => {
    await scene.ask('POST', '', OFFICE);
    scene.api.bus.extraBacklogBytes = 1e12;
    let done = false;
    const sent = scene.inputs.last.send('10.0.0.1', 'a').finally(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([done, scene.api.bus.lines]).toEqual([false, []]);
    expect((await scene.ask('GET', '/office')).body['last_error']?.message).toMatch(/wait to be stored/);
    scene.api.bus.extraBacklogBytes = 0;
    expect(await sent).toEqual({ kind: 'accepted' });
    expect(scene.api.bus.lines).toEqual(['a']);
  });

  it('lets an input wait while the disk has no room for the class of its stream, and takes up with the margin', async () => {
    await scene.ask('POST', '', OFFICE);
    const { disk, settings } = scene.api;
    await settings.update({ disk_refuse_normal_at: 90 });
    disk.freeBytes = disk.totalBytes * 0.1;
    let done = false;
    const sent = scene.inputs.last.send('10.0.0.1', 'a').finally(() => (done = true));
    await vi.waitFor(async () =>
      expect((await scene.ask('GET', '/office')).body['last_error']?.message).toMatch(
        /Streams of the class normal are refused from 90 % until it is below 88 %; "syslog"/,
      ),
    );
    expect([done, scene.api.bus.lines]).toEqual([false, []]);
    disk.freeBytes = disk.totalBytes * 0.13;
    expect(await sent).toEqual({ kind: 'accepted' });
    expect(scene.api.bus.lines).toEqual(['a']);
  });

  it('lets it wait no longer than its signal, and not beyond its stop', async () => {
    await scene.ask('POST', '', OFFICE);
    scene.api.bus.failure = new EventBusError('bus_unavailable', 'gone');
    const { context } = scene.inputs.last;
    const peer = { address: '10.0.0.1', transport: 'http' } as const;
    const batch = { peer, messages: [Buffer.from('a')], format: 'lines' } as const;
    await expect(context.accept(batch, AbortSignal.timeout(20))).rejects.toMatchObject({
      code: 'input_busy',
    });
    const waiting = context.accept(batch);
    waiting.catch(() => undefined);
    await scene.ask('POST', '/office/stop');
    await expect(waiting).rejects.toMatchObject({ code: 'input_busy' });
  });

  it('drops, and counts, what waiting would not help', async () => {
    await scene.ask('POST', '', OFFICE);
    scene.api.bus.failure = new RangeError('a bug') as unknown as EventBusError;
    expect(await scene.inputs.last.send('10.0.0.1', 'a', 'b')).toEqual({ kind: 'refused' });
    const { body } = await scene.ask('GET', '/office');
    expect(body['counters'].dropped).toEqual({ internal_error: 2 });
  });

  it('counts no more than fifty reasons apart, of however many an input tells', async () => {
    await scene.ask('POST', '', OFFICE);
    for (let n = 0; n < 60; n += 1) scene.inputs.last.context.dropped(`reason_${n}`, 2);
    const { body } = await scene.ask('GET', '/office');
    const dropped = body['counters'].dropped as object;
    expect(Object.keys(dropped)).toHaveLength(51);
    expect(dropped).toMatchObject({ reason_49: 2, other: 20 });
  });
});

describe('a batch with a key', () => {
  const batch = (text: string, stream = 'orders') => ({
    ...{ peer: { address: stream, transport: 'kafka' as const }, format: 'lines' as const, key: 'k' },
    messages: [Buffer.from(text)],
  });
  const topics = (stream: string) => ({ ...OFFICE, sources: [{ topics: ['orders'], stream }] });

  it('is taken once, also where it goes elsewhere by now', async () => {
    await scene.ask('POST', '', topics('one'));
    const { context } = scene.inputs.last;
    const accepted = { kind: 'accepted' };
    expect(await context.accept(batch('a'))).toEqual(accepted);
    expect(await context.accept(batch('a'))).toEqual(accepted);
    await scene.ask('PATCH', '/office', { sources: topics('two').sources });
    expect(await context.accept(batch('b'))).toEqual(accepted);
    expect(await context.accept({ ...batch('c'), key: 'other' })).toEqual(accepted);
    expect(scene.api.bus.lines).toEqual(['a', 'c']);
  });

  it('is none that a client or another input could have sent', async () => {
    await scene.ask('POST', '', topics('one'));
    await scene.ask('POST', '', { ...topics('one'), name: 'other', options: { port: 2 } });
    for (const { context } of scene.inputs.made) await context.accept(batch('a'));
    expect(scene.api.bus.lines).toEqual(['a', 'a']);
  });

  it('is not counted as dropped where it is refused: its input still has it', async () => {
    await scene.ask('POST', '', topics('one'));
    const { context } = scene.inputs.last;
    scene.api.bus.failure = new RangeError('a bug') as unknown as EventBusError;
    expect(await context.accept(batch('a'))).toEqual({ kind: 'refused' });
    expect(await context.accept(batch('a', 'bills'))).toEqual({ kind: 'refused' });
    const { body } = await scene.ask('GET', '/office');
    expect(body['counters']).toMatchObject({ dropped: {}, refused: 1 });
    expect(body['last_error']?.message).toBeDefined();
  });
});

describe('an input is refused', () => {
  it.each([
    [{ kind: 'smoke' }, 400, 'input_kind_unknown'],
    [{ name: 'A b' }, 400, 'invalid_request'],
    [{ options: {} }, 400, 'invalid_request'],
    [{ options: { port: 1, more: 1 } }, 400, 'invalid_request'],
    [{ sources: [{ networks: ['10.0.0.0/8'], stream: 'a', tenant: 'nobody' }] }, 400, 'invalid_request'],
    [{ sources: [{ networks: ['10.0.0.0/8'], stream: 'a', parser: 'nothing' }] }, 400, 'invalid_request'],
    [{ sources: [{ networks: ['x'], stream: 'a' }] }, 400, 'invalid_request'],
    [{ sources: undefined }, 400, 'invalid_request'],
    [{ extra: 1 }, 400, 'invalid_request'],
  ])('with %j: %i %s', async (change, status, code) => {
    const answer = await scene.ask('POST', '', { ...OFFICE, ...change });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect((await scene.ask('GET', '')).body['inputs']).toEqual([]);
  });

  it('where its mistake is', async () => {
    const { body } = await scene.ask('POST', '', { ...OFFICE, options: { port: 'x' } });
    expect(body['errors']).toMatchObject([{ path: 'options.port' }]);
  });

  it('where one of its name is', async () => {
    await scene.ask('POST', '', OFFICE);
    const again = await scene.ask('POST', '', { ...OFFICE, options: { port: 2 } });
    expect([again.status, again.body['code']]).toEqual([409, 'input_exists']);
  });

  it.each([
    ['GET', '/none', undefined],
    ['PATCH', '/none', { options: { port: 1 } }],
    ['POST', '/none/start', undefined],
    ['POST', '/none/stop', undefined],
    ['DELETE', '/none', undefined],
  ] as const)('where there is none: %s %s', async (method, path, payload) => {
    const answer = await scene.ask(method, path, payload);
    expect([answer.status, answer.body['code']]).toEqual([404, 'input_not_found']);
  });

  it('where a change changes nothing, or has a mistake', async () => {
    await scene.ask('POST', '', OFFICE);
    for (const patch of [{}, { options: { port: 'x' } }, { name: 'other' }, { sources: [{ stream: 'a' }] }])
      expect((await scene.ask('PATCH', '/office', patch)).body['code']).toBe('invalid_request');
  });

  it('where there are too many', async () => {
    for (let n = 0; n < 200; n += 1)
      await scene.ask('POST', '', { ...OFFICE, name: `input-${n}`, enabled: false });
    expect((await scene.ask('POST', '', OFFICE)).body['code']).toBe('too_many_inputs');
  });
});
