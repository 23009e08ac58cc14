import { afterAll, afterEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startTestMongodb } from '../support/test-mongodb.js';
import { CopiesRig, numbered, numbersOf } from './copies-rig.js';

const SOON = { timeout: 60_000 };
const mongodb = await startTestMongodb();
let rig: CopiesRig;
let database: string;
afterEach(() => rig.appliance.dispose());
afterAll(() => mongodb.stop());

async function start(): Promise<void> {
  const place = mongodb.place();
  ({ database } = place);
  rig = await CopiesRig.start(place);
}
const documents = () => mongodb.client.db(database).collection<{ _id: string }>('events.default.orders');
const upTo = (n: number) => Array.from({ length: n }, (_, at) => at);

it('a stream in both stores is found in both, event by event the same; who asks the copy of another one is told', async () => {
  await start();
  expect((await rig.send(numbered(0, 2_500))).body).toMatchObject({ stored: 2_500 });
  const text = await fetch(`${rig.appliance.url}/api/v1/streams/orders/events?parser=plain`, {
    ...{ method: 'POST', body: 'a plain line\n' },
    headers: {
      ...{ authorization: `Bearer ${rig.appliance.adminKey}`, 'content-type': 'text/plain' },
      prefer: 'wait=30',
    },
  });
  expect(await text.json()).toMatchObject({ stored: 1 });
  await expect.poll(() => rig.events('documents'), SOON).toHaveLength(2_500);
  expect(await rig.events('documents')).toEqual(await rig.events());
  const plain = { start_time: 'now-1h', end_time: 'now', search: 'plain' };
  await expect.poll(() => rig.events('documents', plain), SOON).toHaveLength(1);
  expect(await rig.events('documents', plain)).toEqual(await rig.events(undefined, plain));
  const narrow = { query: 'user_id:u3 AND n:<100', sort: 'asc' };
  expect(numbersOf(await rig.events('documents', narrow))).toEqual(upTo(10).map((n) => n * 10 + 3));
  await rig.call('POST', 'streams', { name: 'other' });
  expect((await rig.call('POST', 'logs', { from: 'documents', stream: 'other' })).body).toMatchObject({
    ...{ status: 400, code: 'documents_missing', detail: expect.stringContaining('"other"') },
  });
  const page = await rig.call(
    'GET',
    'logs?from=documents&stream=orders&limit=7&start_time=2026-11-20T00:00:00Z',
  );
  const next = await rig.call(
    'GET',
    `logs?from=documents&stream=orders&limit=7&start_time=2026-11-20T00:00:00Z&cursor=${String(page.body['next_cursor'])}`,
  );
  expect([page.status, next.status]).toEqual([200, 200]);
  expect((await rig.call('GET', 'streams/orders')).body).toMatchObject({ stored_in: 'both' });
});

it('what somebody deleted or added in MongoDB is mended by the next comparison, which is in the record', async () => {
  await start();
  await rig.send(numbered(0, 300));
  await expect.poll(() => rig.events('documents'), SOON).toHaveLength(300);
  const [one, two, three] = await documents()
    .find({ n: { $exists: false } })
    .limit(3)
    .toArray();
  await documents().deleteMany({ _id: { $in: [one?._id ?? '', three?._id ?? ''] } });
  await documents().insertOne({ ...two, _id: `${two?._id.slice(0, 32)}-9999` });
  await documents().insertOne({ ...two, _id: `${'0'.repeat(32)}-7` });
  await rig.compare();
  const tables = await rig.events();
  await expect.poll(() => rig.events('documents'), SOON).toEqual(tables);
  await expect.poll(() => documents().countDocuments(), SOON).toBe(300);
  const mends = async () => (await rig.call('GET', 'audit?action=documents.mend')).body['entries'];
  await expect
    .poll(mends, SOON)
    .toEqual([
      expect.objectContaining({ action: 'documents.mend', object: 'orders', actor: { kind: 'appliance' } }),
    ]);
});

it('refused events that are replayed come into the copy, days that are removed leave it, and what is read anew is otherwise there', async () => {
  await start();
  await rig.send(
    Buffer.concat([numbered(0, 20), Buffer.from('{"timestamp":"2025-06-01T00:00:00Z","n":1}\n')]),
  );
  const syslog = await fetch(`${rig.appliance.url}/api/v1/streams/orders/events?parser=syslog`, {
    ...{ method: 'POST', body: 'door=front opened\n' },
    headers: {
      ...{ authorization: `Bearer ${rig.appliance.adminKey}`, 'content-type': 'text/plain' },
      prefer: 'wait=30',
    },
  });
  expect(await syslog.json()).toMatchObject({ quarantined: 1 });
  await rig.call('POST', 'quarantine/replay', { parser: 'plain' });
  const now = { start_time: 'now-1h', end_time: 'now', search: 'door' };
  await expect.poll(() => rig.events('documents', now), SOON).toHaveLength(1);
  expect(await documents().countDocuments()).toBe(22);

  const doors = { kind: 'regex', options: { patterns: ['^door=(?<door>\\w+) (?<message>.*)$'] } };
  await rig.call('PUT', 'parsers/doors', doors);
  const range = { start_time: 'now-1h', end_time: 'now' };
  const begun = await rig.call('POST', 'streams/orders/reparse', { ...range, parser: 'doors' });
  expect(begun.status).toBeLessThan(300);
  const opened = { ...range, filters: { door: 'front' } };
  await expect.poll(() => rig.events('documents', opened), SOON).toHaveLength(1);
  expect(await rig.events('documents', opened)).toEqual(await rig.events(undefined, opened));

  const old = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-02T00:00:00Z' };
  await expect.poll(() => rig.events('documents', old), SOON).toHaveLength(1);
  const policies = { 'stream:orders': { keep: 'search 30d -> delete' } };
  const { body: plan } = await rig.call('POST', 'retention/plan', { policies });
  await rig.call('POST', 'retention/apply', { plan: plan['id'] });
  await expect.poll(() => rig.events('documents', old), SOON).toEqual([]);
  await expect.poll(() => documents().countDocuments(), SOON).toBe(21);
  expect((await rig.call('GET', 'streams/orders/roll-ups/check')).body).toMatchObject({ ok: true });
});

it('who asks a copy that lacks some of the time is told, and other times are answered; it catches up by itself', async () => {
  await start();
  await rig.send(numbered(0, 10));
  await expect.poll(() => rig.events('documents'), SOON).toHaveLength(10);
  const command = { collMod: 'events.default.orders', validator: { n: { $exists: true } } };
  await mongodb.client.db(database).command({ ...command, validator: { host: { $ne: 'forbidden' } } });
  const event = '{"timestamp":"2026-11-19T08:00:00Z","host":"forbidden","n":1}\n';
  await rig.send(Buffer.from(event));
  const before = { start_time: '2026-11-19T00:00:00Z' };
  await expect.poll(() => rig.events('documents', before), SOON).toBe('copy_behind');
  const behind = await rig.call('POST', 'logs', { ...before, stream: 'orders', from: 'documents' });
  expect(behind).toMatchObject({ status: 503, body: { detail: expect.stringContaining('lacks 1 change') } });
  expect(await rig.events('documents')).toHaveLength(10);
  const headers = { authorization: `Bearer ${rig.appliance.adminKey}` };
  const ready = async (): Promise<unknown> =>
    (await fetch(`${rig.appliance.url}/health/ready`, { headers })).json();
  await expect.poll(ready, SOON).toMatchObject({ details: { copies: { due: 1 } } });
  await mongodb.client.db(database).command({ ...command, validator: {} });
  await expect.poll(() => rig.events('documents', before), SOON).toHaveLength(11);
});

it('who asks the copy for days that are in the archive is told', async () => {
  await start();
  const line = (n: number) => `{"timestamp":"2025-06-01T00:00:0${n}Z","n":${n}}\n`;
  await rig.send(Buffer.from([1, 2, 3].map(line).join('')));
  const old = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-02T00:00:00Z' };
  await expect.poll(() => rig.events('documents', old), SOON).toHaveLength(3);
  const policies = { 'stream:orders': { keep: 'search 30d -> archive 10y -> delete' } };
  const { body: plan } = await rig.call('POST', 'retention/plan', { policies });
  await rig.call('POST', 'retention/apply', { plan: plan['id'] });
  await expect.poll(() => rig.events('documents', old), SOON).toBe('documents_archived');
  expect(numbersOf(await rig.events(undefined, old))).toEqual([1, 2, 3]);
  expect(await rig.events('documents')).toEqual([]);
});

it('a new version of the type shows in the copy of older events, too, and finds them', async () => {
  await start();
  const field = (name: string, more = {}) => ({ name, type: 'keyword', description: 'A field.', ...more });
  const type = { title: 'Order', description: 'An order.' };
  await rig.call('POST', 'event-types', { ...type, name: 'order', fields: [field('state')] });
  await rig.call('POST', 'streams', { name: 'typed', event_type: 'order', stored_in: 'both' });
  const api = new ApiClient(rig.appliance);
  const line = (n: number) =>
    `{"timestamp":"2026-11-20T08:00:0${n}Z","state":"sent","order.carrier":"post","n":${n}}\n`;
  await api.send('typed', Buffer.from(line(1)), { prefer: 'wait=30' });
  const question = { stream: 'typed', query: 'carrier:post' };
  await expect.poll(() => rig.events('documents', { stream: 'typed' }), SOON).toHaveLength(1);
  expect(await rig.events('documents', question)).toEqual([]);
  const carrier = field('carrier', { aliases: ['order.carrier'], indexed: true });
  const fields = [field('state'), carrier];
  expect((await rig.call('PUT', 'event-types/order', { ...type, fields })).status).toBe(200);
  await api.send('typed', Buffer.from(line(2)), { prefer: 'wait=30' });
  await expect.poll(() => rig.events('documents', question), SOON).toHaveLength(2);
  expect(await rig.events('documents', question)).toEqual(await rig.events(undefined, question));
});
