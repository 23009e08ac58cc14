import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputScene, OFFICE, SOURCES } from './testing/input-scene.js';

let scene: InputScene;
beforeEach(async () => {
  scene = await InputScene.start();
});
afterEach(() => scene.stop());

describe('an input', () => {
  it('is made, listens, and is shown with its defaults', async () => {
    const made = await scene.ask('POST', '', OFFICE);
    expect([made.status, made.body['state']]).toEqual([201, 'running']);
    expect(made.body).toMatchObject({
      ...{ name: 'office', kind: 'fake', from: 'api', enabled: true, options: { port: 1, size: 1 } },
      listens: [{ transport: 'tcp', host: '::', port: 1 }],
      sources: [{ ...SOURCES[0], tenant: 'default' }],
    });
    expect((await scene.ask('GET', '/office')).body).toEqual(made.body);
    const list = await scene.ask('GET', '');
    expect(list.body['inputs']).toMatchObject([{ name: 'office', state: 'running' }]);
    expect(list.body['kinds']).toMatchObject([
      { kind: 'fake', title: 'Fake', options_schema: { type: 'object', required: ['port'] } },
    ]);
  });

  it('takes what its sources send, as lines of their stream, and counts it', async () => {
    await scene.ask('POST', '', OFFICE);
    await scene.inputs.last.send('::ffff:10.0.0.1', '<1>a', '', 'b\nc');
    expect(scene.api.bus.lines).toEqual(['<1>a', 'b#012c']);
    expect(scene.api.bus.blocks[0]?.header).toMatchObject({
      ...{
        tenant: 'default',
        stream: 'syslog',
        source: 'office',
        format: 'lines',
        parser: 'auto',
        zone: '+02:00',
      },
    });
    const { body } = await scene.ask('GET', '/office');
    expect(body['counters']).toEqual({
      ...{ messages: 2, bytes: 7, refused: 0, dropped: {}, truncated: 0, blank: 1, connections: 0 },
    });
    expect(body['senders']).toMatchObject([{ address: '10.0.0.1', messages: 2 }]);
    expect(body['newest']).toMatchObject([{ text: 'b\nc', taken: true }, { text: '' }, { text: '<1>a' }]);
  });

  it('refuses others, counts them and lists their addresses', async () => {
    await scene.ask('POST', '', OFFICE);
    expect(await scene.inputs.last.send('192.0.2.9', 'a', 'b')).toEqual({ kind: 'refused' });
    expect(scene.api.bus.lines).toEqual([]);
    const { body } = await scene.ask('GET', '/office');
    expect(body['counters']).toMatchObject({ messages: 0, refused: 2 });
    expect(body['refused_senders']).toMatchObject([{ address: '192.0.2.9', messages: 2, bytes: 2 }]);
    expect(body['newest']).toMatchObject([{ text: 'b', taken: false }, { text: 'a' }]);
  });

  it('has other sources at once, without a new start', async () => {
    await scene.ask('POST', '', OFFICE);
    const sources = [{ networks: ['192.0.2.0/24'], stream: 'other', source: 'fw' }];
    const changed = await scene.ask('PATCH', '/office', { sources });
    expect([changed.status, changed.body['sources'][0]?.stream]).toEqual([200, 'other']);
    expect(await scene.inputs.last.send('10.0.0.1', 'x')).toEqual({ kind: 'refused' });
    await scene.inputs.last.send('192.0.2.9', 'a');
    expect(scene.api.bus.blocks.map(({ header }) => [header.stream, header.source])).toEqual([
      ['other', 'fw'],
    ]);
    expect(scene.inputs.made).toHaveLength(1);
  });

  it('has other options by a new start', async () => {
    await scene.ask('POST', '', OFFICE);
    const changed = await scene.ask('PATCH', '/office', { options: { port: 2 } });
    expect(changed.body['listens']).toEqual([{ transport: 'tcp', host: '::', port: 2 }]);
    expect([...scene.inputs.portsInUse]).toEqual([2]);
  });

  it('goes on as it was where other options fail', async () => {
    await scene.ask('POST', '', OFFICE);
    scene.inputs.portsInUse.add(2);
    const changed = await scene.ask('PATCH', '/office', { options: { port: 2 } });
    expect([changed.status, changed.body['code'], changed.body['mend']]).toEqual([
      ...[409, 'input_start_failed', 'Choose another port.'],
    ]);
    const { body } = await scene.ask('GET', '/office');
    expect([body['state'], body['options'].port, scene.inputs.portsInUse.has(1)]).toEqual([
      'running',
      1,
      true,
    ]);
    await scene.inputs.last.send('10.0.0.1', 'still here');
    expect(scene.api.bus.lines).toEqual(['still here']);
  });

  it('stops and starts, for good', async () => {
    await scene.ask('POST', '', OFFICE);
    const stopped = await scene.ask('POST', '/office/stop');
    expect([stopped.status, stopped.body['state'], stopped.body['enabled']]).toEqual([200, 'stopped', false]);
    expect([scene.inputs.last.stopped, scene.inputs.portsInUse.size]).toEqual([true, 0]);
    expect((await scene.ask('POST', '/office/stop')).status).toBe(200);
    const started = await scene.ask('POST', '/office/start');
    expect([started.status, started.body['state'], started.body['enabled']]).toEqual([200, 'running', true]);
    expect((await scene.ask('POST', '/office/start')).body['state']).toBe('running');
    expect(scene.inputs.made).toHaveLength(2);
  });

  it('is deleted, and is in no list and no metric any more', async () => {
    await scene.ask('POST', '', OFFICE);
    expect(await scene.metrics()).toContain('alluvium_input_up{input="office"} 1');
    const gone = await scene.ask('DELETE', '/office');
    expect([gone.status, gone.body.state]).toEqual([200, 'stopped']);
    expect((await scene.ask('GET', '')).body['inputs']).toEqual([]);
    expect(scene.inputs.portsInUse.size).toBe(0);
    expect(await scene.metrics()).not.toContain('office');
    expect((await scene.ask('POST', '', OFFICE)).status).toBe(201);
  });

  it('fails where its port is in use, says what mends it, and can be started later', async () => {
    scene.inputs.portsInUse.add(1);
    const made = await scene.ask('POST', '', OFFICE);
    expect([made.status, made.body['state'], made.body['listens']]).toEqual([201, 'failed', []]);
    expect(made.body['last_error']).toMatchObject({
      message: 'The port 1 is in use.',
      mend: 'Choose another port.',
    });
    scene.inputs.portsInUse.clear();
    const { body } = await scene.ask('POST', '/office/start');
    expect([body['state'], body['last_error']]).toEqual(['running', undefined]);
  });

  it('fails where a file of its options is missing', async () => {
    const made = await scene.ask('POST', '', { ...OFFICE, options: { port: 1, secret: '/nowhere/key.pem' } });
    expect(made.body['last_error']).toMatchObject({
      message: "The file /nowhere/key.pem can't be read (ENOENT).",
      mend: 'Name a file that the server may read.',
    });
  });

  it('is not started where it is made so', async () => {
    const { body } = await scene.ask('POST', '', { ...OFFICE, enabled: false });
    expect([body['state'], scene.inputs.made.length]).toEqual(['stopped', 0]);
  });

  it('has metrics', async () => {
    await scene.ask('POST', '', OFFICE);
    await scene.inputs.last.send('10.0.0.1', 'abc');
    await scene.inputs.last.send('192.0.2.9', 'x');
    scene.inputs.last.context.dropped('cut', 2);
    scene.inputs.last.context.connection(1);
    const text = await scene.metrics();
    for (const line of [
      'alluvium_input_messages_total{input="office"} 1',
      'alluvium_input_bytes_total{input="office"} 3',
      'alluvium_input_refused_total{input="office"} 1',
      'alluvium_input_dropped_total{input="office",reason="cut"} 2',
      'alluvium_input_connections{input="office"} 1',
    ])
      expect(text).toContain(line);
  });
});
