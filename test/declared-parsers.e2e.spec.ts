import { afterEach, expect, it } from 'vitest';
import { Appliance } from './support/start-appliance.js';

const SHOP = {
  kind: 'grok',
  options: {
    patterns: [
      '^%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} order %{INT:order:int}: %{GREEDYDATA:message}$',
    ],
    multiline: { starts: '^\\d{4}-' },
  },
};
const TRACE = '2026-11-20T12:00:01Z ERROR order 7: no stock\njava.lang.Error: gone\n\tat a.B.c(D.java:1)';
const TEXT = `${TRACE}\n2026-11-20T12:00:02Z INFO order 8: sent\n2026-11-20 nothing of the kind\n`;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

async function call(method: string, path: string, body?: object | string): Promise<Record<string, unknown>> {
  const { url, adminKey } = appliance as Appliance;
  const [type, text] =
    typeof body === 'string' ? ['text/plain', body] : ['application/json', JSON.stringify(body)];
  const headers = { authorization: `Bearer ${adminKey}`, prefer: 'wait=20' };
  const sent =
    body === undefined ? { headers } : { headers: { ...headers, 'content-type': type }, body: text };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, ...sent });
  return (await answer.json()) as Record<string, unknown>;
}

const logs = (query: string) => call('POST', 'logs', { start_time: '2020-01-01T00:00:00Z', query });

it('a parser that an admin declares reads lines at once, after a restart, and is gone when it is deleted', async () => {
  appliance = await (await Appliance.prepare()).restart();
  expect(await call('PUT', 'parsers/shop', SHOP)).toMatchObject({ name: 'shop', declared: { version: 1 } });
  expect(await call('POST', 'events?parser=shop', TEXT)).toMatchObject({
    accepted: 3,
    stored: 2,
    quarantined: 1,
  });
  const found = {
    total: 1,
    logs: [
      {
        timestamp: '2026-11-20T12:00:01.000000000Z',
        level: 'ERROR',
        message: 'no stock\njava.lang.Error: gone\n\tat a.B.c(D.java:1)',
        raw: TRACE.replaceAll('\n', '#012'),
        attributes: { order: 7, parser: 'shop' },
      },
    ],
  };
  expect(await logs('parser:shop AND order:7')).toMatchObject(found);
  expect(await call('GET', 'quarantine/counts')).toMatchObject({
    reasons: [{ value: 'no_match', events: 1 }],
  });

  await appliance.restart();
  expect(await call('GET', 'parsers/shop')).toMatchObject({ declaration: SHOP });
  expect(await call('POST', 'events?parser=shop', TRACE.replace('7', '9'))).toMatchObject({ stored: 1 });
  expect(await logs('order:9')).toMatchObject({ total: 1 });

  expect(await call('POST', 'events?parser=multiline', TRACE)).toMatchObject({ accepted: 1, stored: 1 });
  expect(await logs('exception.type:java.lang.Error')).toMatchObject({
    logs: [{ level: 'ERROR', message: TRACE, attributes: { 'exception.message': 'gone' } }],
  });

  expect(await call('DELETE', 'parsers/shop')).toMatchObject({ name: 'shop' });
  expect(await call('POST', 'events?parser=shop', TEXT)).toMatchObject({ code: 'parser_unknown' });
}, 120_000);

it('a parser that sources of an input name is not deleted', async () => {
  appliance = await (await Appliance.prepare()).restart();
  await call('PUT', 'parsers/shop', SHOP);
  const sources = [{ networks: ['127.0.0.1/32'], stream: 'web', parser: 'shop' }];
  const input = { name: 'lines', kind: 'syslog', enabled: false, options: { tcp_port: 0 }, sources };
  expect(await call('POST', 'inputs', input)).toMatchObject({ name: 'lines' });
  expect(await call('DELETE', 'parsers/shop')).toMatchObject({
    code: 'parser_in_use',
    detail: expect.stringContaining('lines'),
  });
  await call('DELETE', 'inputs/lines');
  expect(await call('DELETE', 'parsers/shop')).toMatchObject({ name: 'shop' });
}, 60_000);
