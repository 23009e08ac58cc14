import { createHash } from 'node:crypto';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './support/api-client.js';
import { pause } from './support/appliance-process.js';
import { parseCsv } from './support/parse-csv.js';
import { createSeededRandom } from './support/seeded-random.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

const EVENTS = 30_000;
const START_MS = Date.parse('2026-11-19T00:00:00Z');
const RANGE = { start_time: '2026-11-01T00:00:00Z', end_time: '2026-11-25T00:00:00Z' };
/** Values that break naive writers, each in a field of its own. */
const HOSTILE: readonly object[] = [
  { message: 'a\r\nb,"c"\t\u0000\u0001😀\u2028', level: '=HYPERLINK("x")', service: '+1', host: "'" },
  {
    message: '-',
    'a,b': '"',
    'k\r\n': '\r\n',
    constructor: 'x',
    nested: { a: [1, { b: null }], n: 9007199254740 },
  },
  { message: ' spaced ', user: '@cmd', empty: {}, list: ['=1', '\u0000'], f: -0.5, t: true },
];
let appliance: Appliance;
let api: ApiClient;

/** Two streams, three days, many events of one moment. */
const lineOf = (n: number): string => {
  const ms = START_MS + Math.floor(n / 7) * 60_000;
  const plain = { message: `event ${n}`, level: ['INFO', 'ERROR'][n % 2], service: `s${n % 5}`, n };
  return JSON.stringify({ timestamp: new Date(ms).toISOString(), ...plain, ...HOSTILE[n % 100] });
};

beforeAll(async () => {
  appliance = await startAppliance();
  api = new ApiClient(appliance);
  for (const [s, stream] of ['left', 'right'].entries()) {
    await api.createStream(stream, 'service-log');
    for (let from = 0; from < EVENTS / 2; from += 5_000) {
      const lines = Array.from({ length: 5_000 }, (_, n) => lineOf(2 * (from + n) + s));
      const { status } = await api.send(stream, Buffer.from(`${lines.join('\n')}\n`), { prefer: 'wait=30' });
      if (status !== 200) throw new Error(`Sending to ${stream} answered ${status}`);
    }
  }
}, 120_000);
afterAll(() => appliance.dispose());

const download = async (query: Record<string, string>): Promise<Buffer> => {
  const { status, bytes } = await ask({ ...RANGE, ...query });
  expect(status).toBe(200);
  return bytes;
};
const ask = async (query: Record<string, string>) => {
  const headers = { authorization: `Bearer ${appliance.adminKey}` };
  const answer = await fetch(`${appliance.url}/api/v1/logs/export?${new URLSearchParams(query)}`, {
    headers,
  });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const linesOf = (bytes: Buffer): string[] => bytes.toString().split('\n').slice(0, -1);
type Event = Record<string, unknown>;
const eventsOf = (bytes: Buffer): Event[] => linesOf(bytes).map((line) => JSON.parse(line) as Event);
const hashOf = (rows: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(rows)).digest('hex');

describe('an export', () => {
  it('has the same events in every text form, in the order of time, as a search shows them', async () => {
    const events = eventsOf(await download({}));
    expect(events.length).toBe(EVENTS);
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(EVENTS);
    const times = events.map(({ timestamp }) => String(timestamp));
    expect(times).toEqual(times.toSorted());
    const json = JSON.parse((await download({ format: 'json' })).toString()) as { logs: Event[] };
    expect(hashOf(json.logs)).toBe(hashOf(events));
    expect(hashOf(eventsOf(gunzipSync(await download({ compression: 'gzip' }))))).toBe(hashOf(events));
    const newest = eventsOf(await download({ sort: 'desc' }));
    expect(hashOf(newest.toReversed())).toBe(hashOf(events));
    const found = await api.logs({ ...RANGE, filters: { n: [1, 2, 100, 101, 102] }, sort: 'asc' });
    const wanted = events.filter(({ attributes }) =>
      [1, 2, 100, 101, 102].includes((attributes as Event)['n'] as number),
    );
    expect(new Set(wanted.map((event) => JSON.stringify(event)))).toEqual(
      new Set(found.body.logs.map((event) => JSON.stringify(event))),
    );
  }, 60_000);

  it('as CSV has every value, whatever stands in it', async () => {
    const events = eventsOf(await download({}));
    const [header = [], ...rows] = parseCsv(
      (await download({ format: 'csv', csv_safe: 'false' })).toString(),
    );
    const column = (row: readonly string[], name: string): string => row[header.indexOf(name)] ?? '';
    const shown = rows.map((row) => [
      ...['event_id', 'stream', 'timestamp', 'level', 'service', 'host', 'message'].map((name) =>
        column(row, name),
      ),
      JSON.parse(column(row, 'attributes')),
    ]);
    const expected = events.map((event) => [
      ...['event_id', 'stream', 'timestamp', 'level', 'service', 'host', 'message'].map(
        (name) => event[name] ?? '',
      ),
      event['attributes'],
    ]);
    expect(hashOf(shown)).toBe(hashOf(expected));
    const safe = parseCsv((await download({ format: 'csv', fields: 'level,service,user' })).toString()).slice(
      1,
    );
    expect(safe.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(safe.flat().filter((cell) => cell.startsWith("'=")).length).toBe(EVENTS / 100);
  }, 60_000);

  it('broken off at any byte goes on with exactly the rest', async () => {
    const random = createSeededRandom(7);
    for (const query of [{ sort: 'asc' }, { sort: 'desc' }, { format: 'csv' }]) {
      const whole = await download(query);
      const cut = whole.subarray(0, 1 + random.below(whole.length - 1)).toString();
      const kept = query.format === 'csv' ? completeRows(cut) : cut.slice(0, cut.lastIndexOf('\n') + 1);
      const last = query.format === 'csv' ? lastOfCsv(kept) : lastOfLines(kept);
      const rest = await download(last ? { ...query, cursor: last } : query);
      expect(hashOf([kept + rest.toString()])).toBe(hashOf([whole.toString()]));
    }
  }, 60_000);

  it('keeps tenants apart', async () => {
    const other = await fetch(`${appliance.url}/api/v1/logs/export?stream=left`, {
      headers: { authorization: 'Bearer alv_aaaaaaaa_wrong' },
    });
    expect(other.status).toBe(401);
  });
});

describe('a client of an export', () => {
  const open = (query: Record<string, string>): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const url = `${appliance.url}/api/v1/logs/export?${new URLSearchParams({ ...RANGE, ...query })}`;
      httpGet(url, { headers: { authorization: `Bearer ${appliance.adminKey}` }, agent: false }, resolve).on(
        'error',
        reject,
      );
    });

  it('that leaves gives its slot back, again and again', async () => {
    for (let n = 0; n < 10; n += 1) {
      const answer = await open({});
      expect(answer.statusCode).toBe(200);
      answer.destroy();
      await pause(50);
    }
    const format = 'parquet';
    for (let n = 0; n < 3; n += 1) {
      (await open({ format })).destroy();
      await pause(50);
    }
  });

  it('has at most two exports at once', async () => {
    const held = [await open({}), await open({})];
    held.forEach((answer) => answer.pause());
    const third = await ask(RANGE);
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toMatch(/^\d+$/);
    held.forEach((answer) => answer.destroy());
    const deadline = Date.now() + 5_000;
    while ((await ask({ ...RANGE, search: 'nothing' })).status === 429 && Date.now() < deadline)
      await pause(50);
    expect((await ask({ ...RANGE, search: 'nothing' })).status).toBe(200);
  });

  it('that reads slowly gets everything', async () => {
    const answer = await open({ stream: 'left' });
    let [bytes, chunks] = [0, 0];
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      if ((chunks += 1) % 20 === 0) await pause(20);
    }
    expect(bytes).toBe((await download({ stream: 'left' })).length);
  }, 60_000);

  it('that stays sees the end of the server as a broken answer', async () => {
    const answer = await open({});
    answer.pause();
    await pause(100);
    void appliance.kill();
    const read = async (): Promise<void> => {
      for await (const _ of answer) await Promise.resolve();
    };
    await expect(read()).rejects.toThrow();
  });
});

function completeRows(text: string): string {
  let end = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    if (!quoted && text[at] === '\n' && text[at - 1] === '\r') end = at + 1;
  }
  return text.slice(0, end);
}

function lastOfCsv(text: string): string | undefined {
  const [header = [], ...rows] = parseCsv(text);
  const last = rows.at(-1);
  return last && `${last[header.indexOf('timestamp')]},${last[header.indexOf('event_id')]}`;
}

function lastOfLines(text: string): string | undefined {
  const last = text.split('\n').at(-2);
  if (last === undefined) return undefined;
  const { timestamp, event_id } = JSON.parse(last) as Record<string, string>;
  return `${timestamp},${event_id}`;
}
