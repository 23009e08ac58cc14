import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPluginRegistry } from '#plugin-host';
import { RoutingRules } from '#routing';
import { makeParserPlugin } from '#plugin-kit/testing';
import grok from '../plugins/parser-grok/index.js';
import multiline from '../plugins/parser-multiline/index.js';
import regex from '../plugins/parser-regex/index.js';
import { startTestApi, type TestApi } from '../apps/api/testing/test-api.js';

const SHOP = {
  kind: 'regex',
  options: {
    patterns: ['^(?P<level>[A-Z]+) (?P<order>\\d+) (?P<message>.*)$'],
    fields: { order: { type: 'int' } },
  },
  title: 'Lines of the shop',
  samples: ['ERROR 7 no stock'],
};
const plain = makeParserPlugin('plain', (text) => ({ kind: 'event', event: { message: text } }));

let api: TestApi;
let key: string;
beforeEach(async () => {
  api = await startTestApi({ plugins: createPluginRegistry([grok, multiline, plain, regex]) });
  key = api.access.add('admin');
});
afterEach(() => api.stop());

const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
  api.inject({
    ...{ method, url: `/api/v1/${path}`, headers: { authorization: key } },
    ...(payload && { payload }),
  });
const send = (parser: string, payload: string) =>
  api.inject({
    ...{ method: 'POST', url: `/api/v1/events?parser=${parser}`, payload },
    headers: { authorization: key, 'content-type': 'text/plain' },
  });

describe('declared parsers', () => {
  it('are made, listed, described, changed and deleted', async () => {
    const made = await ask('PUT', 'parsers/shop', SHOP);
    const shown = {
      ...{ name: 'shop', title: 'Lines of the shop', version: '1.0.0' },
      declared: { kind: 'regex', version: 1, changed_by: { key_id: 'admin', key_name: 'admin' } },
    };
    expect([made.statusCode, made.json()]).toMatchObject([200, shown]);
    expect(made.json()).toMatchObject({
      declaration: { kind: 'regex', options: SHOP.options },
      samples: [{ lines: SHOP.samples }],
    });
    const { parsers, kinds } = (await ask('GET', 'parsers')).json();
    expect(parsers.map(({ name }: { name: string }) => name)).toEqual(['auto', 'multiline', 'plain', 'shop']);
    expect(parsers[3]).toMatchObject(shown);
    expect(kinds.map(({ name }: { name: string }) => name)).toEqual(['grok', 'multiline', 'regex']);
    expect(Object.keys(kinds[2].options_schema.properties)).toContain('patterns');
    await ask('PUT', 'parsers/shop', { ...SHOP, title: 'Others' });
    expect((await ask('GET', 'parsers/shop')).json()).toMatchObject({
      title: 'Others',
      declared: { version: 2 },
    });
    expect((await ask('DELETE', 'parsers/shop')).json()).toMatchObject({
      name: 'shop',
      declared: { version: 2 },
    });
    expect((await ask('GET', 'parsers/shop')).json()).toMatchObject({ code: 'parser_not_found' });
    expect((await ask('DELETE', 'parsers/shop')).json()).toMatchObject({
      status: 404,
      code: 'parser_not_found',
    });
  });

  it('are live at once, for dry runs and for what is sent', async () => {
    expect((await send('shop', 'ERROR 7 x')).json()).toMatchObject({ code: 'parser_unknown' });
    await ask('PUT', 'parsers/shop', SHOP);
    const tried = await ask('POST', 'parsers/shop/dry-run', { lines: ['WARN 8 slow', 'quiet'] });
    expect(tried.json().results).toMatchObject([
      { parser: 'shop', event: { level: 'WARN', message: 'slow', attributes: { order: 8 } } },
      { parser: 'shop', reason: 'no_match' },
    ]);
    expect((await send('shop', 'ERROR 7 x')).statusCode).toBe(202);
    expect(api.bus.blocks[0]?.header).toMatchObject({ format: 'lines', parser: 'shop' });
  });

  it.each([
    ['parsers/UPPER', SHOP, 400, 'parser_name_invalid'],
    ['parsers/auto', SHOP, 400, 'parser_name_invalid'],
    ['parsers/dry-run', SHOP, 400, 'parser_name_invalid'],
    ['parsers/plain', SHOP, 409, 'parser_name_taken'],
    ['parsers/multiline', SHOP, 409, 'parser_name_taken'],
    ['parsers/x', { ...SHOP, kind: 'plain' }, 400, 'parser_kind_unknown'],
    ['parsers/x', { ...SHOP, colour: 1 }, 400, 'invalid_request'],
    ['parsers/x', { kind: 'regex' }, 400, 'invalid_request'],
    ['parsers/x', { ...SHOP, samples: ['a\nb'] }, 400, 'invalid_request'],
  ])('are refused as PUT %s %j', async (path, payload, status, code) => {
    expect((await ask('PUT', path, payload)).json()).toMatchObject({ status, code });
  });

  it('have every mistake in their options told, with its place and mend', async () => {
    const options = { patterns: ['a(', '(?P<id>x)'], zone: 'Europe/Berlin' };
    const { errors } = (await ask('PUT', 'parsers/x', { ...SHOP, options })).json();
    expect(errors).toMatchObject([
      { path: 'options.patterns.0', message: 'has a group without an end, at character 2' },
      { path: 'options.patterns.1', mend: expect.stringContaining('`to`') },
    ]);
    const wrong = { patterns: [], zone: 'Mars', fields: { a: { type: 'int', colour: 1 } } };
    const shape = (await ask('PUT', 'parsers/x', { ...SHOP, options: wrong })).json();
    expect(shape.errors.map(({ path }: { path: string }) => path)).toEqual([
      ...['options.patterns', 'options.fields.a', 'options.zone'],
    ]);
  });

  it('are refused where they refuse their own samples', async () => {
    const { errors } = (await ask('PUT', 'parsers/x', { ...SHOP, samples: ['ERROR 7 x', 'nope'] })).json();
    expect(errors).toMatchObject([{ path: 'samples.1', message: expect.stringContaining('No pattern') }]);
    expect((await ask('GET', 'parsers/x')).statusCode).toBe(404);
  });

  it('of plugins can not be deleted', async () => {
    expect((await ask('DELETE', 'parsers/plain')).json()).toMatchObject({
      status: 409,
      code: 'parser_not_declared',
    });
    expect((await ask('DELETE', 'parsers/auto')).json()).toMatchObject({ code: 'parser_not_declared' });
  });

  it('can not be deleted while a routing rule names them', async () => {
    await ask('PUT', 'parsers/shop', SHOP);
    const rules = api.app.get(RoutingRules);
    const changed = { changed_at: '', changed_by: { key_id: 'k', key_name: 'k' } };
    const rule = {
      name: 'to-shop',
      enabled: true,
      continue: false,
      when: {},
      action: { parser: 'shop' },
      ...changed,
    };
    await rules.change('default', () => [rule]);
    expect((await ask('DELETE', 'parsers/shop')).json()).toMatchObject({
      ...{
        status: 409,
        code: 'parser_in_use',
        detail: expect.stringContaining('rule to-shop of the tenant default'),
      },
    });
    await rules.change('default', () => []);
    expect((await ask('DELETE', 'parsers/shop')).statusCode).toBe(200);
  });

  it('are for keys of the whole server', async () => {
    key = api.access.add('tenant', ['streams:admin', 'events:write', 'logs:read']);
    const dryRun = { kind: 'regex', options: SHOP.options, lines: ['x'] };
    expect((await ask('PUT', 'parsers/x', SHOP)).statusCode).toBe(403);
    expect((await ask('DELETE', 'parsers/x')).statusCode).toBe(403);
    expect((await ask('POST', 'parsers/dry-run', dryRun)).statusCode).toBe(403);
  });
});

describe('a dry run of a parser that is not kept', () => {
  it('shows what it would make of lines', async () => {
    const dryRun = {
      kind: 'grok',
      options: { patterns: ['%{TIMESTAMP_ISO8601:timestamp} %{GREEDYDATA:message}'] },
      lines: ['2026-11-20 12:00:00 hi', 'no'],
      dry_run: { zone: 'Europe/Berlin' },
    };
    const { results } = (await ask('POST', 'parsers/dry-run', dryRun)).json();
    expect(results).toMatchObject([
      { parser: 'tried', event: { timestamp: '2026-11-20T11:00:00.000000000Z', message: 'hi' } },
      { reason: 'no_match' },
    ]);
    expect((await ask('GET', 'parsers')).json().parsers).toHaveLength(3);
  });

  it('joins lines as sending them would', async () => {
    const lines = [
      ' ',
      'boom',
      'java.lang.Error: x',
      '\tat a.B.c(D.java:1)',
      '',
      '\tat a.B.d(D.java:2)',
      'next',
    ];
    const { results } = (
      await ask('POST', 'parsers/dry-run', { kind: 'multiline', options: {}, lines })
    ).json();
    expect(
      results.map(
        (one: { reason?: string; event?: { message: string } }) => one.reason ?? one.event?.message,
      ),
    ).toEqual([
      'blank_line',
      'boom',
      'java.lang.Error: x\n\tat a.B.c(D.java:1)\n\n\tat a.B.d(D.java:2)',
      ...['joined_line', 'blank_line', 'joined_line', 'next'],
    ]);
  });

  it('of a bad one tells its mistakes', async () => {
    const dryRun = { kind: 'regex', options: { patterns: ['('] }, lines: ['x'] };
    expect((await ask('POST', 'parsers/dry-run', dryRun)).json().errors).toMatchObject([
      { path: 'options.patterns.0' },
    ]);
  });
});

describe('a text of events of several lines', () => {
  const TEXT = 'ERROR boom\r\njava.lang.Error: x\r\n\tat a.B.c(D.java:1)\r\n\r\nnext\n';

  it('is a block with a line for each event', async () => {
    expect((await send('multiline', TEXT)).json()).toMatchObject({ accepted: 2 });
    expect(api.bus.lines).toEqual(['ERROR boom#012java.lang.Error: x#012\tat a.B.c(D.java:1)', 'next']);
    expect(api.bus.blocks[0]?.header).toMatchObject({ count: 2, parser: 'multiline' });
  });

  it('is one of lines to any other parser', async () => {
    expect((await send('plain', TEXT)).json()).toMatchObject({ accepted: 4 });
  });

  it('has lines of a bounded length, and is not blank', async () => {
    await api.stop();
    api = await startTestApi({
      settings: { limitsLineBytes: 1024 },
      plugins: createPluginRegistry([multiline]),
    });
    key = api.access.add('admin');
    expect((await send('multiline', `a\n\n${'x'.repeat(1025)}`)).json()).toMatchObject({
      status: 413,
      code: 'line_too_long',
      detail: expect.stringContaining('Line 3'),
    });
    expect((await send('multiline', ' \n\n')).json()).toMatchObject({ code: 'empty_body' });
  });
});
