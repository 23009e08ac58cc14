import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBusError } from '#event-bus';
import { createPluginRegistry } from '#plugin-host';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { InputManager } from './input-manager.js';
import { FakeInputs } from './testing/fake-input.js';

const PATH = '/api/v1/inputs';
const SOURCES = [{ networks: ['10.0.0.0/8'], stream: 'syslog', parser: 'auto', zone: '+02:00' }];
const OFFICE = { name: 'office', kind: 'fake', options: { port: 1 }, sources: SOURCES };

/** What answers are looked at for. */
interface Shown {
  readonly [key: string]: unknown;
  readonly code?: string;
  readonly state?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly counters: Readonly<Record<string, unknown>>;
  readonly sources: readonly { readonly stream: string }[];
  readonly inputs: readonly {
    readonly name: string;
    readonly state: string;
    readonly last_error?: Trouble;
  }[];
  readonly last_error?: Trouble;
}
type Trouble = { readonly message: string };

let api: TestApi;
let inputs: FakeInputs;
let headers: Record<string, string>;

beforeEach(async () => {
  inputs = new FakeInputs();
  api = await startTestApi({
    plugins: createPluginRegistry([inputs.plugin]),
    settings: { admissionWaitMs: 0 },
  });
  headers = { authorization: api.access.add('admin', ['system', 'metrics']) };
  await api.app.get(InputManager).start([]);
});
afterEach(() => api.stop());

async function ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) {
  const answer = await api.inject({ method, url: PATH + path, headers, ...(payload && { payload }) });
  const body = answer.body === '' ? ({} as Shown) : answer.json<Shown>();
  return { status: answer.statusCode, body };
}
const metricsText = async (): Promise<string> =>
  (await api.inject({ method: 'GET', url: '/metrics', headers })).body;

describe('an input', () => {
  it('is made, listens, and is shown with its defaults', async () => {
    const made = await ask('POST', '', OFFICE);
    expect([made.status, made.body['state']]).toEqual([201, 'running']);
    expect(made.body).toMatchObject({
      ...{ name: 'office', kind: 'fake', from: 'api', enabled: true, options: { port: 1, size: 1 } },
      listens: [{ transport: 'tcp', host: '::', port: 1 }],
      sources: [{ ...SOURCES[0], tenant: 'default' }],
    });
    expect((await ask('GET', '/office')).body).toEqual(made.body);
    const list = await ask('GET', '');
    expect(list.body['inputs']).toMatchObject([{ name: 'office', state: 'running' }]);
    expect(list.body['kinds']).toMatchObject([
      { kind: 'fake', title: 'Fake', options_schema: { type: 'object', required: ['port'] } },
    ]);
  });

  it('takes what its sources send, as lines of their stream, and counts it', async () => {
    await ask('POST', '', OFFICE);
    await inputs.last.send('::ffff:10.0.0.1', '<1>a', '', 'b\nc');
    expect(api.bus.lines).toEqual(['<1>a', 'b#012c']);
    expect(api.bus.blocks[0]?.header).toMatchObject({
      ...{
        tenant: 'default',
        stream: 'syslog',
        source: 'office',
        format: 'lines',
        parser: 'auto',
        zone: '+02:00',
      },
    });
    const { body } = await ask('GET', '/office');
    expect(body['counters']).toEqual({
      ...{ messages: 2, bytes: 7, refused: 0, dropped: {}, truncated: 0, blank: 1, connections: 0 },
    });
    expect(body['senders']).toMatchObject([{ address: '10.0.0.1', messages: 2 }]);
    expect(body['newest']).toMatchObject([{ text: 'b\nc', taken: true }, { text: '' }, { text: '<1>a' }]);
  });

  it('refuses others, counts them and lists their addresses', async () => {
    await ask('POST', '', OFFICE);
    expect(await inputs.last.send('192.0.2.9', 'a', 'b')).toEqual({ kind: 'refused' });
    expect(api.bus.lines).toEqual([]);
    const { body } = await ask('GET', '/office');
    expect(body['counters']).toMatchObject({ messages: 0, refused: 2 });
    expect(body['refused_senders']).toMatchObject([{ address: '192.0.2.9', messages: 2, bytes: 2 }]);
    expect(body['newest']).toMatchObject([{ text: 'b', taken: false }, { text: 'a' }]);
  });

  it('has other sources at once, without a new start', async () => {
    await ask('POST', '', OFFICE);
    const sources = [{ networks: ['192.0.2.0/24'], stream: 'other', source: 'fw' }];
    const changed = await ask('PATCH', '/office', { sources });
    expect([changed.status, changed.body['sources'][0]?.stream]).toEqual([200, 'other']);
    expect(await inputs.last.send('10.0.0.1', 'x')).toEqual({ kind: 'refused' });
    await inputs.last.send('192.0.2.9', 'a');
    expect(api.bus.blocks.map(({ header }) => [header.stream, header.source])).toEqual([['other', 'fw']]);
    expect(inputs.made).toHaveLength(1);
  });

  it('has other options by a new start', async () => {
    await ask('POST', '', OFFICE);
    const changed = await ask('PATCH', '/office', { options: { port: 2 } });
    expect(changed.body['listens']).toEqual([{ transport: 'tcp', host: '::', port: 2 }]);
    expect([...inputs.portsInUse]).toEqual([2]);
  });

  it('goes on as it was where other options fail', async () => {
    await ask('POST', '', OFFICE);
    inputs.portsInUse.add(2);
    const changed = await ask('PATCH', '/office', { options: { port: 2 } });
    expect([changed.status, changed.body['code'], changed.body['mend']]).toEqual([
      ...[409, 'input_start_failed', 'Choose another port.'],
    ]);
    const { body } = await ask('GET', '/office');
    expect([body['state'], body['options'].port, inputs.portsInUse.has(1)]).toEqual(['running', 1, true]);
    await inputs.last.send('10.0.0.1', 'still here');
    expect(api.bus.lines).toEqual(['still here']);
  });

  it('stops and starts, for good', async () => {
    await ask('POST', '', OFFICE);
    const stopped = await ask('POST', '/office/stop');
    expect([stopped.status, stopped.body['state'], stopped.body['enabled']]).toEqual([200, 'stopped', false]);
    expect([inputs.last.stopped, inputs.portsInUse.size]).toEqual([true, 0]);
    expect((await ask('POST', '/office/stop')).status).toBe(200);
    const started = await ask('POST', '/office/start');
    expect([started.status, started.body['state'], started.body['enabled']]).toEqual([200, 'running', true]);
    expect((await ask('POST', '/office/start')).body['state']).toBe('running');
    expect(inputs.made).toHaveLength(2);
  });

  it('is deleted, and is in no list and no metric any more', async () => {
    await ask('POST', '', OFFICE);
    expect(await metricsText()).toContain('alluvium_input_up{input="office"} 1');
    expect((await ask('DELETE', '/office')).status).toBe(204);
    expect((await ask('GET', '')).body['inputs']).toEqual([]);
    expect(inputs.portsInUse.size).toBe(0);
    expect(await metricsText()).not.toContain('office');
    expect((await ask('POST', '', OFFICE)).status).toBe(201);
  });

  it('fails where its port is in use, says what mends it, and can be started later', async () => {
    inputs.portsInUse.add(1);
    const made = await ask('POST', '', OFFICE);
    expect([made.status, made.body['state'], made.body['listens']]).toEqual([201, 'failed', []]);
    expect(made.body['last_error']).toMatchObject({
      message: 'The port 1 is in use.',
      mend: 'Choose another port.',
    });
    inputs.portsInUse.clear();
    const { body } = await ask('POST', '/office/start');
    expect([body['state'], body['last_error']]).toEqual(['running', undefined]);
  });

  it('fails where a file of its options is missing', async () => {
    const made = await ask('POST', '', { ...OFFICE, options: { port: 1, secret: '/nowhere/key.pem' } });
    expect(made.body['last_error']).toMatchObject({
      message: "The file /nowhere/key.pem can't be read (ENOENT).",
      mend: 'Name a file that the server may read.',
    });
  });

  it('is not started where it is made so', async () => {
    const { body } = await ask('POST', '', { ...OFFICE, enabled: false });
    expect([body['state'], inputs.made.length]).toEqual(['stopped', 0]);
  });

  it('has metrics', async () => {
    await ask('POST', '', OFFICE);
    await inputs.last.send('10.0.0.1', 'abc');
    await inputs.last.send('192.0.2.9', 'x');
    inputs.last.context.dropped('cut', 2);
    inputs.last.context.connection(1);
    const text = await metricsText();
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

describe('a server without room', () => {
  it('lets an input wait, and takes its messages once when there is room', async () => {
    await ask('POST', '', OFFICE);
    api.bus.extraBacklogBytes = 1e12;
    let done = false;
    const sent = inputs.last.send('10.0.0.1', 'a').finally(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([done, api.bus.lines]).toEqual([false, []]);
    expect((await ask('GET', '/office')).body['last_error']?.message).toMatch(/wait to be stored/);
    api.bus.extraBacklogBytes = 0;
    expect(await sent).toEqual({ kind: 'accepted' });
    expect(api.bus.lines).toEqual(['a']);
  });

  it('lets it wait no longer than its signal, and not beyond its stop', async () => {
    await ask('POST', '', OFFICE);
    api.bus.failure = new EventBusError('bus_unavailable', 'gone');
    const { context } = inputs.last;
    const peer = { address: '10.0.0.1', transport: 'http' } as const;
    const batch = { peer, messages: [Buffer.from('a')], format: 'lines' } as const;
    await expect(context.accept(batch, AbortSignal.timeout(20))).rejects.toMatchObject({
      code: 'input_busy',
    });
    const waiting = context.accept(batch);
    waiting.catch(() => undefined);
    await ask('POST', '/office/stop');
    await expect(waiting).rejects.toMatchObject({ code: 'input_busy' });
  });

  it('drops, and counts, what waiting would not help', async () => {
    await ask('POST', '', OFFICE);
    api.bus.failure = new RangeError('a bug') as unknown as EventBusError;
    expect(await inputs.last.send('10.0.0.1', 'a', 'b')).toEqual({ kind: 'refused' });
    const { body } = await ask('GET', '/office');
    expect(body['counters'].dropped).toEqual({ internal_error: 2 });
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
    const answer = await ask('POST', '', { ...OFFICE, ...change });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect((await ask('GET', '')).body['inputs']).toEqual([]);
  });

  it('where its mistake is', async () => {
    const { body } = await ask('POST', '', { ...OFFICE, options: { port: 'x' } });
    expect(body['errors']).toMatchObject([{ path: 'options.port' }]);
  });

  it('where one of its name is', async () => {
    await ask('POST', '', OFFICE);
    const again = await ask('POST', '', { ...OFFICE, options: { port: 2 } });
    expect([again.status, again.body['code']]).toEqual([409, 'input_exists']);
  });

  it.each([
    ['GET', '/none', undefined],
    ['PATCH', '/none', { options: { port: 1 } }],
    ['POST', '/none/start', undefined],
    ['POST', '/none/stop', undefined],
    ['DELETE', '/none', undefined],
  ] as const)('where there is none: %s %s', async (method, path, payload) => {
    const answer = await ask(method, path, payload);
    expect([answer.status, answer.body['code']]).toEqual([404, 'input_not_found']);
  });

  it('where a change changes nothing, or has a mistake', async () => {
    await ask('POST', '', OFFICE);
    for (const patch of [{}, { options: { port: 'x' } }, { name: 'other' }, { sources: [{ stream: 'a' }] }])
      expect((await ask('PATCH', '/office', patch)).body['code']).toBe('invalid_request');
  });

  it('where there are too many', async () => {
    for (let n = 0; n < 200; n += 1) await ask('POST', '', { ...OFFICE, name: `input-${n}`, enabled: false });
    expect((await ask('POST', '', OFFICE)).body['code']).toBe('too_many_inputs');
  });
});

describe('an input of the boot settings', () => {
  const wish = { ...OFFICE, name: 'syslog', enabled: true, sources: [{ ...SOURCES[0]!, tenant: 'default' }] };

  it('keeps the sources and the switch that were changed, and takes its options anew', async () => {
    const manager = api.app.get(InputManager);
    await manager.start([wish]);
    await ask('PATCH', '/syslog', { sources: [{ networks: ['192.0.2.0/24'], stream: 'other' }] });
    await manager.start([{ ...wish, options: { port: 3 } }]);
    const { body } = await ask('GET', '/syslog');
    expect([body['from'], body['options'].port, body['sources'][0]?.stream]).toEqual([
      'settings',
      3,
      'other',
    ]);
  });

  it('is neither deleted nor given other options', async () => {
    await api.app.get(InputManager).start([wish]);
    for (const [method, payload] of [
      ['PATCH', { options: { port: 2 } }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await ask(method, '/syslog', payload);
      expect([answer.status, answer.body['code']]).toEqual([409, 'input_from_settings']);
    }
    expect((await ask('POST', '/syslog/stop')).body['state']).toBe('stopped');
  });

  it('stays, but does not run, where the settings are gone', async () => {
    const manager = api.app.get(InputManager);
    await manager.start([wish]);
    await manager.stop();
    await manager.start([]);
    expect((await ask('GET', '/syslog')).body['state']).toBe('stopped');
  });
});

describe('an input of the catalogue', () => {
  it('starts with the server, and fails where its plugin is gone', async () => {
    const record = { ...OFFICE, enabled: true, from: 'api', created_at: 'x', updated_at: 'x' };
    await api.catalogue.write([
      { collection: 'inputs', id: 'office', value: record },
      { collection: 'inputs', id: 'old', value: { ...record, name: 'old', kind: 'gone' } },
      { collection: 'inputs', id: 'off', value: { ...record, name: 'off', enabled: false } },
    ]);
    await api.app.get(InputManager).start([]);
    const { body } = await ask('GET', '');
    const states = body['inputs'].map((input: Record<string, unknown>) => [input['name'], input['state']]);
    expect(states).toEqual([
      ['off', 'stopped'],
      ['office', 'running'],
      ['old', 'failed'],
    ]);
    expect(body['inputs'][2]?.last_error?.message).toMatch(/No plugin brings inputs of the kind "gone"/);
  });
});
