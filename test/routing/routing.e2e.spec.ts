import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../support/appliance-process.js';
import { freePort } from '../support/free-port.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { RoutingClient } from './routing-client.js';

let appliance: Appliance;
let client: RoutingClient;
let port = 0;

beforeAll(async () => {
  port = await freePort();
  const env = { ALLUVIUM_SYSLOG_TCP_PORT: String(port), ALLUVIUM_SYSLOG_HOST: '127.0.0.1' };
  appliance = await startAppliance({ env });
  client = new RoutingClient(appliance);
  await client.makeStreams({ logins: 'login', calls: 'service-log', firewall: 'log' });
});
afterAll(() => appliance.dispose());

const exists = (field: string) => [{ field, exists: true }];

describe('one request', () => {
  const rules = [
    { name: 'health', when: { contains: ['/health'] }, action: { drop: { policy: 'health-checks' } } },
    { name: 'logins', when: { fields: exists('action') }, action: { stream: 'logins' } },
    { name: 'calls', when: { fields: exists('latency_ms') }, action: { stream: 'calls' } },
  ];
  const events = [
    { action: 'login', user_id: 'ann', message: 'in' },
    { latency_ms: 12.5, message: 'GET /orders' },
    { message: 'hello' },
    { latency_ms: 1, message: 'GET /health' },
    { action: 'login', message: 'whose?' },
    { latency_ms: 'slow', message: 'GET /slow' },
  ];
  const wait = { prefer: 'wait=20' };

  it('with events of three types lands in three streams, and its receipt says what became of all', async () => {
    expect(await client.putRules(rules)).toBe(true);
    const answer = await client.call('POST', 'events', events, wait);
    expect(answer).toMatchObject({
      ...{ accepted: 6, stored: 3, quarantined: 2, dropped: 1, pending: 0 },
      dropped_by: { 'health-checks': 1 },
      refused: [
        { index: 4, code: 'missing:user_id' },
        { index: 5, code: 'type:latency_ms' },
      ],
    });
    const [login] = await client.events('logins');
    expect(login).toMatchObject({ user_id: 'ann', action: 'login', event_type: 'login' });
    expect(await client.events('calls')).toMatchObject([{ latency_ms: 12.5, event_type: 'service-log' }]);
    expect(await client.events('default')).toMatchObject([{ message: 'hello', event_type: 'log' }]);
    expect(await client.call('GET', 'quarantine/counts')).toMatchObject({ total: 2 });
    expect(await client.settled()).toBe(0);
    expect(await client.droppedByPolicy()).toEqual(new Map([['health-checks', 1]]));
  });

  it('is refused whole in strict mode by the types of the streams that it goes to', async () => {
    const answer = await client.call('POST', 'events?strict=true', events);
    expect(answer).toMatchObject({
      ...{ status: 422, errors_total: 2 },
      errors: [
        { index: 4, code: 'missing:user_id' },
        { index: 5, code: 'type:latency_ms' },
      ],
    });
    const ok = await client.call('POST', 'events?strict=true', events.slice(0, 4), wait);
    expect(ok).toMatchObject({ accepted: 4, stored: 3, dropped: 1 });
  });

  it('says beforehand where it would go', async () => {
    const { results } = await client.call('POST', 'rules/dry-run', { events });
    expect(results).toMatchObject([
      { rules: ['logins'], stream: 'logins', event_type: 'login', result: { event: { user_id: 'ann' } } },
      { rules: ['calls'], stream: 'calls' },
      { rules: [], stream: 'default' },
      { rules: ['health'], dropped: 'health-checks' },
      { stream: 'logins', result: { reason: 'missing:user_id' } },
      { stream: 'calls', result: { reason: 'type:latency_ms' } },
    ]);
  });

  it('that is dropped whole is settled, and found nowhere', async () => {
    const [, , , health] = events;
    const answer = await client.call('POST', 'events', [health, health], wait);
    expect(answer).toMatchObject({ accepted: 2, stored: 0, dropped: 2, pending: 0 });
  });
});

describe('an input', () => {
  it('sends what it takes where the rules say, by the header of each line', async () => {
    await client.putRules([
      {
        ...{ name: 'fw', action: { stream: 'firewall' } },
        when: { inputs: ['syslog'], fields: [{ field: 'host', starts_with: ['fw-'] }] },
      },
      {
        ...{ name: 'debug', action: { drop: { policy: 'debug' } } },
        when: { inputs: ['syslog'], fields: [{ field: 'syslog.severity', equals: [7] }] },
      },
    ]);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const lines = ['<13>Nov 21 05:00:00 fw-9 kernel: deny', '<15>Nov 21 05:00:00 web app: detail'];
    socket.end(`${lines.join('\n')}\n<13>Nov 21 05:00:00 web app: hello\n`);
    await once(socket, 'close');
    for (let tries = 0; tries < 200 && (await client.events('syslog')).length < 1; tries += 1)
      await pause(50);
    expect(await client.settled()).toBe(0);
    expect(await client.events('firewall')).toMatchObject([{ host: 'fw-9', message: 'deny' }]);
    expect(await client.events('syslog')).toMatchObject([{ host: 'web', message: 'hello' }]);
    expect((await client.droppedByPolicy()).get('debug')).toBe(1);
    const { rules } = (await client.call('GET', 'rules')) as { rules: { counts: object }[] };
    expect(rules.map(({ counts }) => counts)).toEqual([
      { matched: 1, dropped: 0, sampled_out: 0 },
      { matched: 1, dropped: 1, sampled_out: 0 },
    ]);
  });
});
