import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Appliance } from './support/start-appliance.js';

/** Nothing of these may be found anywhere; each is unlike all else that lies in a data directory. */
const SECRETS = [
  '4929 6093 1457 2213',
  '5105105105105100',
  '3714-496353-98431',
  'zenobia.quux@planted.example.org',
  'ghp_PlantedPlantedPlantedPlantedPlanted012',
  'planted-bearer-credential-93a7',
  '203.0.113.77',
  '2001:db8:5ec:2e7::77',
  'hunter2-planted-password',
];
const [CARD, PLAIN_CARD, AMEX, MAIL, KEY, BEARER, IPV4, IPV6, PASSWORD] = SECRETS;

const JSON_EVENTS = [
  `{"message":"paid ${CARD} ${AMEX}","user":"${MAIL}","level":"INFO"}`,
  `{"message":"m","card":${PLAIN_CARD},"http":{"headers":{"authorization":"Bearer ${BEARER}"}}}`,
  `{"message":"escaped ${String(MAIL).replace('@', '\\u0040')} ${String(KEY).replace('ghp', '\\u0067hp')}"}`,
  `{"timestamp":"never","message":"refused ${IPV4}","login":{"Password":"${PASSWORD}"}}`,
  `{"message":"not json ${IPV6}","password":"${PASSWORD}"`,
  `{"${MAIL}":{"deep":[["${IPV6}",{"x":"${KEY}"}]]}}`,
];
const TEXT_LINES = [
  `<13>Nov 21 05:00:00 web-1 app: login from ${IPV4} password=${PASSWORD}`,
  `no syslog at all ${MAIL} ${CARD}`,
  `{"message":"json in text ${KEY}","password":"${PASSWORD}"}`,
];
const RULES = {
  masked: { action: 'mask', detectors: ['card', 'token'] },
  hashed: { action: 'hash', detectors: ['email', 'address'] },
  gone: { action: 'drop', fields: ['password'] },
};

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

async function call(method: string, path: string, body?: string | Buffer, headers = {}): Promise<Response> {
  const { url, adminKey } = appliance as Appliance;
  const own = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json', prefer: 'wait=20' };
  return fetch(`${url}/api/v1/${path}`, {
    ...{ method, headers: { ...own, ...headers } },
    ...(body === undefined ? {} : { body }),
  });
}

async function makeRules(at: 'accept' | 'store'): Promise<void> {
  for (const [name, rule] of Object.entries(RULES)) {
    const answer = await call('PUT', `redactions/${name}`, JSON.stringify({ ...rule, at }));
    expect(answer.status).toBe(200);
  }
}

/** By every way in: lines of JSON, an array, text for a parser and for none, compressed. */
async function sendAll(): Promise<void> {
  const ndjson = `${JSON_EVENTS.join('\n')}\n`;
  const valid = JSON_EVENTS.filter((line) => line.endsWith('}') && !line.includes('not json'));
  const text = { 'content-type': 'text/plain' };
  const lines = { 'content-type': 'application/x-ndjson' };
  for (const answer of [
    await call('POST', 'streams/web/events', ndjson, lines),
    await call('POST', 'streams/web/events', gzipSync(ndjson), { ...lines, 'content-encoding': 'gzip' }),
    await call('POST', 'streams/web/events', `[${valid.join(', ')}]`),
    await call('POST', 'streams/text/events', TEXT_LINES.join('\n'), text),
    await call('POST', 'streams/text/events?parser=syslog', TEXT_LINES.join('\n'), text),
    await call('POST', 'streams/web/events', ndjson, { ...lines, 'idempotency-key': 'planted' }),
  ])
    expect([answer.status, (await answer.text()).includes('"pending":0')]).toEqual([200, true]);
}

/** What is in the files below a folder, as they lie there. */
async function filesBelow(folder: string): Promise<readonly (readonly [path: string, bytes: Buffer])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(paths.map(async (path) => [path, await readFile(path)] as const));
}

const found = (text: string | Buffer): readonly string[] => SECRETS.filter((secret) => text.includes(secret));

/** Every way out. */
async function readAll(): Promise<string> {
  const all = '?start_time=1980-01-01T00:00:00Z';
  const ways = ['logs', 'logs/export', 'quarantine', 'quarantine/export', 'redactions', 'settings'];
  const answers = await Promise.all(ways.map((way) => call('GET', way.startsWith('logs') ? way + all : way)));
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  return texts.join('\n');
}

describe('secrets (S21)', () => {
  it('that are redacted at acceptance are found nowhere: no file, no log, no quarantine, no export', async () => {
    appliance = await (await Appliance.prepare()).restart({ ALLUVIUM_LOG_LEVEL: 'debug' });
    await makeRules('accept');
    await sendAll();
    const seen = await readAll();
    expect(seen).toContain('[redacted:card]');
    expect(seen).toMatch(/\[email:[0-9a-f]{32}\]/);
    expect(found(seen)).toEqual([]);
    expect(found(appliance.output())).toEqual([]);
    // Also where a process ended without tidying up.
    await appliance.kill();
    const files = await filesBelow(appliance.dataDirectory);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter(([, bytes]) => found(bytes).length > 0).map(([path]) => path)).toEqual([]);
    await appliance.restart();
    expect(found(await readAll())).toEqual([]);
  }, 120_000);

  it('that are redacted for storage are found by no way out, in raw bytes and quarantine neither', async () => {
    appliance = await (await Appliance.prepare()).restart();
    await makeRules('store');
    await sendAll();
    const seen = await readAll();
    expect([found(seen), seen.includes('[redacted:token]')]).toEqual([[], true]);
    const replay = await call('POST', 'quarantine/replay', '{"parser":"plain"}');
    const { job } = (await replay.json()) as { job: string };
    for (let n = 0; n < 200; n += 1) {
      const { state } = (await (await call('GET', `jobs/${job}`)).json()) as { state: string };
      if (state === 'done') break;
      await setTimeout(50);
    }
    const counts = (await (await call('GET', 'quarantine/counts')).json()) as { total: number };
    expect([counts.total, found(await readAll())]).toEqual([0, []]);
  }, 120_000);
});
