import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBlock } from '#event-bus/testing';
import { createPluginRegistry } from '#plugin-host';
import type { ParsedLine } from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { FakeVersions } from './testing/fake-versions.js';

const event = (message: string, more: object = {}): ParsedLine => ({
  kind: 'event',
  event: { message, ...more },
});
const refused: ParsedLine = { kind: 'refused', reason: 'too_quiet', message: 'Louder.' };
const read = (text: string): ParsedLine => (text === 'quiet' ? refused : event(text.toUpperCase()));
const newer = (text: string): ParsedLine => {
  if (text === 'odd') return refused;
  return text === 'quiet' ? event('HEARD') : event(text.toUpperCase(), text === 'more' ? { n: 1 } : {});
};
/** The active version of `shout` is what the registry has. */
const shout = makeParserPlugin('shout', newer);
const json = makeParserPlugin('json', () => ({ kind: 'json' }));

let api: TestApi;
let admin: string;
let versions: FakeVersions;
beforeEach(async () => {
  api = await startTestApi({ plugins: createPluginRegistry([shout, json]) });
  admin = api.access.add('admin');
  versions = new FakeVersions('shout', { bbbbbbbb1: newer, aaaaaaaa1: read, aaaaaaaa2: read });
  api.catalog.versions.add(versions);
  await post('/streams', { name: 'web' });
});
afterEach(() => api.stop());

const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, authorization = admin) =>
  api.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization },
    ...(payload && { payload }),
  });
const post = (path: string, payload: object = {}, key?: string) => ask('POST', path, payload, key);

describe('the versions of a parser', () => {
  it('are listed, and a built-in one has none', async () => {
    expect((await ask('GET', '/parsers/shout/versions')).json()).toEqual({
      parser: 'shout',
      versions: [
        {
          ...{ id: 'bbbbbbbb1', version: '2.0.0', active: true, held: false, before: false, trusted: true },
          since: '1970-01-01T00:00:00.000000000Z',
        },
        expect.objectContaining({ id: 'aaaaaaaa1', before: true }),
        expect.objectContaining({ id: 'aaaaaaaa2' }),
      ],
    });
    expect((await ask('GET', '/parsers/json/versions')).json()).toEqual({ parser: 'json', versions: [] });
    expect((await ask('GET', '/parsers/none/versions')).json()).toMatchObject({ code: 'parser_not_found' });
  });

  it('are activated, held unless it says otherwise, and rolled back in one call', async () => {
    const activated = (await ask('POST', '/parsers/shout/versions/aaaaaaaa2/activate')).json();
    expect(activated.versions[2]).toMatchObject({ id: 'aaaaaaaa2', active: true, held: true });
    const back = (await post('/parsers/shout/rollback')).json();
    expect(back.versions[0]).toMatchObject({ id: 'bbbbbbbb1', active: true, held: true });
    await post('/parsers/shout/versions/before/activate', { hold: false });
    expect([versions.active, versions.held]).toEqual(['aaaaaaaa2', false]);
  });

  it.each([
    ['/parsers/shout/versions/1.0.0/activate', 404, 'version_not_found', /Several .*1\.0\.0 \(aaaaaaaa\)/],
    ['/parsers/shout/versions/aaaa/activate', 404, 'version_not_found', /There is no version "aaaa"/],
    ['/parsers/json/versions/1.0.0/activate', 404, 'version_not_found', /known: none/],
    ['/parsers/none/versions/1.0.0/activate', 404, 'parser_not_found', /none/],
    ['/parsers/json/rollback', 409, 'no_version_before', /json/],
  ])('that %s names are refused', async (path, status, code, detail) => {
    expect((await post(path)).json()).toMatchObject({ status, code, detail: expect.stringMatching(detail) });
  });

  it('that can’t run are refused with how to mend it', async () => {
    versions.problems = [{ what: 'its SHA-256 is not on the list', mend: 'trust it' }];
    const answers = [
      await post('/parsers/shout/versions/2.0.0/activate'),
      await post('/parsers/shout/rollback'),
      await post('/parsers/shout/diff', { to: 'before', lines: ['a'] }),
      await post('/parsers/shout/shadows', { version: 'before' }),
    ];
    for (const answer of answers)
      expect(answer.json()).toMatchObject({
        status: 409,
        code: 'version_unusable',
        detail: expect.stringContaining('not on the list'),
        mend: 'trust it.',
      });
  });
});

describe('a comparison of two versions', () => {
  it('asks for its body where there is none', async () => {
    const [mistake] = (await ask('POST', '/parsers/shout/diff')).json().errors;
    expect(mistake).toMatchObject({ path: '', mend: expect.stringContaining('JSON object as the body') });
  });

  it('says of each line what differs', async () => {
    const lines = ['same', 'more', 'quiet', 'odd'];
    const answer = (await post('/parsers/shout/diff', { from: 'aaaaaaaa1', to: 'active', lines })).json();
    expect(answer).toMatchObject({
      from: 'aaaaaaaa1',
      to: 'bbbbbbbb1',
      counts: { equal: 1, changed: 1, newly_read: 1, newly_refused: 1 },
      lines: [
        { outcome: 'equal' },
        { outcome: 'changed', changes: [{ field: 'attributes.n', to: 1 }], from: {}, to: {} },
        { outcome: 'newly_read', from: { reason: 'too_quiet' }, to: { event: { message: 'HEARD' } } },
        { outcome: 'newly_refused', from: { event: { message: 'ODD' } }, to: { reason: 'too_quiet' } },
      ],
    });
    expect(answer.lines[0]).toEqual({ outcome: 'equal' });
    expect(versions.opened).toBe(0);
  });

  it('takes stored lines, and names them', async () => {
    const received_at = '2026-11-21T00:00:00.000000000Z';
    const one = { event_id: `${'b'.repeat(32)}-0`, stream: 'web', source: 'agent', reason: 'too_quiet' };
    api.tier.quarantinePage = { events: [{ ...one, received_at, raw: 'quiet' }], more: false, total: 1 };
    const answer = (
      await post('/parsers/shout/diff', { from: 'before', to: 'active', quarantine: {} })
    ).json();
    expect(answer.lines).toMatchObject([{ event_id: one.event_id, line: 'quiet', outcome: 'newly_read' }]);
    const key = api.access.add('reader', ['logs:read']);
    expect((await post('/parsers/shout/diff', { to: 'before', quarantine: {} }, key)).statusCode).toBe(403);
  });

  it.each([
    [{ to: 'before' }, 'invalid_request'],
    [{ lines: ['a'] }, 'invalid_request'],
    [{ to: '9.9.9', lines: ['a'] }, 'version_not_found'],
    [{ to: 'before', lines: ['a'], options: { event_type: 'none' } }, 'event_type_unknown'],
  ])('of %j is refused', async (payload, code) => {
    expect((await post('/parsers/shout/diff', payload)).json()).toMatchObject({ code });
  });
});

describe('a shadow', () => {
  const block = (line: string, stream = 'web') =>
    makeBlock([line], { format: 'lines', parser: 'shout', stream });
  const offer = async (line: string, stored: string): Promise<void> => {
    const one = block(line);
    api.catalog.shadows.offer(one, { ...one, body: Buffer.from(`${stored}\n`) }, async (made) => made);
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const list = async (key?: string) =>
    (await ask('GET', '/parsers/shout/shadows', undefined, key)).json().shadows;

  it('is started, looked at and ended', async () => {
    const begun = await post('/parsers/shout/shadows', {
      version: 'before',
      streams: ['web'],
      per_mille: 1_000,
    });
    expect([begun.statusCode, begun.json()]).toMatchObject([
      201,
      { parser: 'shout', version: 'aaaaaaaa1', streams: ['web'], per_mille: 1_000, differences: [] },
    ]);
    await offer('quiet', '{"message":"HEARD","parser":"shout"}');
    const [seen] = await list();
    expect(seen.counts).toMatchObject({ compared: 1, newly_refused: 1 });
    expect(seen.differences).toMatchObject([{ stream: 'web', line: 'quiet', outcome: 'newly_refused' }]);
    const ended = (await ask('DELETE', `/parsers/shout/shadows/${seen.id}`)).json();
    expect(ended).toMatchObject({ id: seen.id, counts: { compared: 1 }, differences: [] });
    expect([await list(), versions.opened]).toEqual([[], 0]);
    const again = await ask('DELETE', `/parsers/shout/shadows/${seen.id}`);
    expect(again.json()).toMatchObject({ status: 404, code: 'shadow_not_found' });
  });

  it('shows lines that are in quarantine only to those who may read it', async () => {
    await post('/parsers/shout/shadows', { version: 'before', per_mille: 1_000 });
    await offer('loud', '\u0001too_loud\u0002shout');
    const reader = api.access.add('reader', ['logs:read']);
    expect((await list(reader))[0]).toMatchObject({ counts: { newly_read: 1 }, differences: [] });
    expect((await list())[0].differences).toMatchObject([{ line: 'loud' }]);
  });

  it('is of its tenant, and of the streams of the key', async () => {
    const { id } = (await post('/parsers/shout/shadows', { version: 'before' })).json();
    const other = api.access.add('other', undefined, { tenant: 'other' });
    const held = api.access.add('held', undefined, { streams: new Set(['web']) });
    for (const key of [other, held]) {
      expect(await list(key)).toEqual([]);
      expect((await ask('DELETE', `/parsers/shout/shadows/${id}`, undefined, key)).statusCode).toBe(404);
    }
    const own = (await post('/parsers/shout/shadows', { version: 'before' }, held)).json();
    expect(own.streams).toEqual(['web']);
    expect(await list(held)).toHaveLength(1);
    const foreign = await post('/parsers/shout/shadows', { version: 'before', streams: ['db'] }, held);
    expect(foreign.json()).toMatchObject({ code: 'forbidden' });
    const unknown = await post('/parsers/shout/shadows', { version: 'before', streams: ['db'] });
    expect(unknown.json()).toMatchObject({ code: 'stream_unknown' });
  });

  it('is one of three of its tenant at most, though all are asked for at once', async () => {
    const begin = () => post('/parsers/shout/shadows', { version: 'before' });
    const begun = await Promise.all([begin(), begin(), begin(), begin()]);
    expect(begun.map(({ statusCode }) => statusCode).sort()).toEqual([201, 201, 201, 409]);
    expect(begun.find(({ statusCode }) => statusCode === 409)?.json()).toMatchObject({
      ...{ code: 'too_many_shadows', detail: expect.stringContaining('kept for a tenant that has none') },
    });
    expect((await post('/parsers/shout/shadows', { version: 'before', per_mille: 0 })).json()).toMatchObject({
      code: 'invalid_request',
    });
  });
});
