import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPluginRegistry } from '#plugin-host';
import type { ParseContext, ParsedLine } from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const shout = makeParserPlugin(
  'shout',
  (text) =>
    text === 'quiet'
      ? { kind: 'refused', reason: 'too_quiet', message: 'Louder.' }
      : {
          kind: 'event',
          event: { message: text.toUpperCase(), big: 1 },
          warnings: ['shouted'],
          ...(text.startsWith('(') && { confidence: 'partial' }),
        },
  (text) => (text.endsWith('!') ? 0.95 : 0),
);
const json = makeParserPlugin(
  'json',
  () => ({ kind: 'json' }),
  (text) => (text.startsWith('{') ? 1 : 0),
);
const broken = makeParserPlugin('broken', () => {
  throw new Error('oh no');
});
const samples = new Map([['parser-shout', [{ name: 'loud', lines: ['hey!'] }]]]);

let api: TestApi;
let key: string;
beforeEach(async () => {
  api = await startTestApi({ plugins: createPluginRegistry([shout, json, broken], samples) });
  key = api.access.add('author', ['events:write']);
});
afterEach(() => api.stop());

const get = (path: string) => api.inject({ url: `/api/v1/parsers${path}`, headers: { authorization: key } });
const dryRun = (name: string, payload: unknown) =>
  api.inject({
    method: 'POST',
    url: `/api/v1/parsers/${name}/dry-run`,
    headers: { authorization: key, 'content-type': 'application/json' },
    payload: JSON.stringify(payload),
  });
const tryLines = async (name: string, lines: readonly string[], options?: object) =>
  (await dryRun(name, { lines, ...(options && { options }) })).json().results;

describe('parsers', () => {
  it('are listed, auto first', async () => {
    const { parsers } = (await get('')).json();
    expect(parsers.map(({ name }: { name: string }) => name)).toEqual(['auto', 'broken', 'json', 'shout']);
    expect(parsers[3]).toEqual({
      ...{ name: 'shout', title: 'Order', description: 'Orders of a shop.' },
      ...{ version: '1.0.0', stability: 'experimental' },
    });
  });

  it('are described with options and lines to try', async () => {
    const shown = (await get('/shout')).json();
    expect(shown.samples).toEqual([{ name: 'loud', lines: ['hey!'] }]);
    expect(Object.keys(shown.options_schema.properties)).toEqual(['event_type', 'received_at', 'zone']);
    expect((await get('/auto')).json().samples).toEqual([{ name: 'loud', lines: ['hey!'] }]);
    expect((await get('/json')).json().samples).toEqual([]);
    expect((await get('/nope')).json()).toMatchObject({ status: 404, code: 'parser_not_found' });
  });
});

describe('a dry run', () => {
  it('answers for each line in order, and stores nothing', async () => {
    const results = await tryLines('shout', ['hello!', 'quiet', ' ', 'there\r']);
    expect(results).toMatchObject([
      {
        parser: 'shout',
        confidence: 'full',
        certainty: 0.95,
        event: { message: 'HELLO!' },
        warnings: ['shouted'],
      },
      { parser: 'shout', reason: 'too_quiet', message: 'Louder.' },
      { parser: null, reason: 'blank_line' },
      { parser: 'shout', confidence: 'full', certainty: 0, event: { message: 'THERE' } },
    ]);
    expect(results[0].event).toMatchObject({
      timestamp: expect.any(String),
      event_type: 'log',
      attributes: { big: 1, parser: 'shout' },
    });
    expect(api.bus.blocks).toEqual([]);
  });

  it('says of what only a part was read', async () => {
    const [result] = await tryLines('shout', ['(half']);
    expect(result).toMatchObject({
      confidence: 'partial',
      event: { message: '(HALF', attributes: { parse_status: 'partial' } },
    });
  });

  it('of auto chooses by the line, and takes what none knows as it is', async () => {
    const results = await tryLines('auto', ['hey!', '{"n":18446744073709551615}', 'plain']);
    expect(results).toMatchObject([
      { parser: 'shout' },
      {
        parser: 'json',
        confidence: 'full',
        certainty: 1,
        event: { attributes: { n: '18446744073709551615' } },
      },
      {
        parser: null,
        confidence: 'none',
        certainty: 0,
        event: { message: 'plain', attributes: { parse_status: 'none' } },
      },
    ]);
  });

  it('refuses what the event type refuses, with its mend', async () => {
    const [late, none] = await tryLines('json', ['{"timestamp":"1970-01-02T00:00:00Z"}', 'x']);
    expect(late).toMatchObject({ parser: 'json', reason: 'range:timestamp', mend: expect.any(String) });
    expect(none).toMatchObject({ parser: 'json', reason: 'parser:json' });
  });

  it('is of the time that it is told', async () => {
    const [result] = await tryLines('json', ['{}'], { received_at: '2020-02-03T04:05:06Z' });
    expect(result.event.timestamp).toBe('2020-02-03T04:05:06.000000000Z');
  });

  it('is of the zone that it is told', async () => {
    const clock = makeParserPlugin('clock', () => ({ kind: 'json' }));
    const parse = (_lines: readonly Uint8Array[], { zone = 'UTC' }: ParseContext): readonly ParsedLine[] => [
      { kind: 'event', event: { message: zone } },
    ];
    await api.stop();
    api = await startTestApi({
      plugins: createPluginRegistry([{ ...clock, parser: { ...clock.parser, parse } }]),
    });
    key = api.access.add('author', ['events:write']);
    const [berlin] = await tryLines('clock', ['x'], { zone: 'Europe/Berlin' });
    const [none] = await tryLines('clock', ['x']);
    expect([berlin.event.message, none.event.message]).toEqual(['Europe/Berlin', 'UTC']);
  });

  it('says what a parser threw', async () => {
    const [result] = await tryLines('broken', ['x']);
    expect(result).toEqual({ parser: 'broken', reason: 'parser:broken', message: expect.any(String) });
    expect(result.message).toContain('oh no');
  });

  it('of a thousand lines answers for each', async () => {
    const lines = Array.from({ length: 1000 }, (_, at) => `line ${at}`);
    const results = await tryLines('shout', lines);
    expect(results.map(({ event }: { event: { message: string } }) => event.message)).toEqual(
      lines.map((line) => line.toUpperCase()),
    );
  });

  it.each([
    ['nope', { lines: ['x'] }, 404, 'parser_not_found'],
    ['auto', { lines: [] }, 400, 'invalid_request'],
    ['auto', { lines: ['a\nb'] }, 400, 'invalid_request'],
    ['auto', { lines: Array.from({ length: 1001 }, () => 'x') }, 400, 'invalid_request'],
    ['auto', { lines: ['x'], options: { color: 'red' } }, 400, 'invalid_request'],
    ['auto', { lines: ['x'], options: { event_type: 'nope' } }, 400, 'event_type_unknown'],
    ['auto', { lines: ['x'], options: { zone: 'Mars/Olympus' } }, 400, 'invalid_request'],
    ['auto', { lines: 'x' }, 400, 'invalid_request'],
  ])('by %s of %j is refused', async (name, payload, status, code) => {
    expect((await dryRun(name, payload)).json()).toMatchObject({ status, code });
  });

  it('refuses a line that sending would refuse', async () => {
    await api.stop();
    api = await startTestApi({ settings: { limitsLineBytes: 1024 } });
    key = api.access.add('author', ['logs:read']);
    const answer = await dryRun('auto', { lines: ['short', 'x'.repeat(2000)] });
    expect(answer.json()).toMatchObject({ status: 413, code: 'line_too_long' });
    expect(answer.json().detail).toContain('Line 2');
  });
});
