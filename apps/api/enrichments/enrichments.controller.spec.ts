import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createPluginRegistry } from '#plugin-host';
import { defineEnricher, definePlugin, EnricherDataError } from '#plugin-kit';
import { makeManifest } from '#plugin-kit/testing';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const KNOWN: Readonly<Record<string, object>> = { 'web-1': { owner: 'shop', n: 2 } };
let broken: boolean;

/** Knows one host; opens unless it is broken. */
const hosts = definePlugin({
  kind: 'enricher',
  manifest: makeManifest({ name: 'enricher-hosts', kind: 'enricher', title: 'Hosts' }),
  enricher: defineEnricher(z.strictObject({ file: z.string().describe('A file.') }), ({ options }) => ({
    open: async () => {
      const mistake = (option: string) => ({ option, what: 'It is broken.', mend: 'Mend it.' });
      if (broken || options.file === 'bad') throw new EnricherDataError([mistake('file'), mistake('other')]);
      return { title: 'hosts', entries: 1 };
    },
    enrich: (values) => values.map((value) => KNOWN[value] as Record<string, string> | undefined),
    close: () => {},
  })),
});
const RULE = { kind: 'hosts', options: { file: 'a' }, field: 'host' };

let api: TestApi;
let key: string;

beforeEach(async () => {
  broken = false;
  api = await startTestApi({ plugins: createPluginRegistry([hosts]) });
  key = api.access.add('admin');
});
afterEach(() => api.stop());

const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) => {
  const url = `/api/v1/enrichments${path}`;
  const answer = await api.inject({
    method,
    url,
    headers: { authorization: key },
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
};

describe('enrichments', () => {
  it('are made, listed, changed and taken away', async () => {
    const made = await ask('PUT', '/owners', { ...RULE, prefix: 'asset' });
    const stored = {
      ...{ name: 'owners', ...RULE, streams: [], prefix: 'asset', state: 'ready' },
      data: { title: 'hosts', entries: 1, loaded_at: expect.any(String) },
      counters: { looked_up: 0, found: 0, missed: 0, failed: 0, kept: 0, unfit: 0 },
      ...{ version: 1, changed_at: expect.any(String), changed_by: { key_id: 'admin', key_name: 'admin' } },
    };
    expect([made.status, made.body]).toEqual([200, stored]);
    expect((await ask('GET', '/owners')).body).toEqual(stored);
    const { body } = await ask('GET', '');
    expect(body.enrichments).toEqual([stored]);
    expect(body.kinds).toMatchObject([
      { kind: 'hosts', title: 'Hosts', options_schema: { type: 'object', required: ['file'] } },
    ]);
    expect((await ask('PUT', '/owners', { ...RULE, streams: ['web'] })).body).toMatchObject({ version: 2 });
    expect((await ask('DELETE', '/owners')).body).toMatchObject({ name: 'owners', streams: ['web'] });
    for (const [method, path] of [
      ['DELETE', '/owners'],
      ['GET', '/owners'],
      ['POST', '/owners/reload'],
    ] as const)
      expect((await ask(method, path)).body).toMatchObject({ status: 404, code: 'enrichment_not_found' });
  });

  it.each([
    ['/UPPER', RULE, 'enrichment_name_invalid'],
    ['/dry-run', RULE, 'enrichment_name_invalid'],
    ['/x', { ...RULE, kind: 'nothing' }, 'enrichment_kind_unknown'],
    ['/x', { ...RULE, field: ' ' }, 'invalid_request'],
    ['/x', { ...RULE, prefix: 'id' }, 'invalid_request'],
    ['/x', { ...RULE, prefix: 'a b' }, 'invalid_request'],
    ['/x', { ...RULE, streams: ['UPPER'] }, 'invalid_request'],
    ['/x', { ...RULE, overwrite: true }, 'invalid_request'],
    ['/x', { ...RULE, options: { path: '/etc/passwd' } }, 'invalid_request'],
  ])('are refused as PUT %s %j', async (path, payload, code) => {
    expect((await ask('PUT', path, payload)).body).toMatchObject({ status: 400, code });
    expect((await ask('GET', '')).body.enrichments).toEqual([]);
  });

  it('are refused where their data can not be opened, with all that is wrong', async () => {
    const { body } = await ask('PUT', '/x', { ...RULE, options: { file: 'bad' } });
    expect(body).toMatchObject({
      ...{ status: 400, code: 'enrichment_invalid' },
      errors: [
        { path: 'options.file', message: 'It is broken.', mend: 'Mend it.' },
        { path: 'options.other' },
      ],
    });
    expect((await ask('GET', '')).body.enrichments).toEqual([]);
  });

  it('say what is wrong with newer data, and go on with what they have', async () => {
    await ask('PUT', '/owners', RULE);
    broken = true;
    const { status, body } = await ask('POST', '/owners/reload');
    expect([status, body]).toMatchObject([
      200,
      { state: 'ready', data: { title: 'hosts' }, last_error: { errors: [{ path: 'options.file' }, {}] } },
    ]);
    broken = false;
    expect((await ask('POST', '/owners/reload')).body).not.toHaveProperty('last_error');
  });

  it('are of a tenant, and of streams that the key may touch', async () => {
    await ask('PUT', '/all', RULE);
    key = api.access.add('held', ['streams:admin'], { streams: new Set(['web']) });
    expect((await ask('PUT', '/x', RULE)).status).toBe(403);
    expect((await ask('PUT', '/x', { ...RULE, streams: ['web', 'mail'] })).status).toBe(403);
    expect((await ask('PUT', '/all', { ...RULE, streams: ['web'] })).status).toBe(403);
    for (const [method, path] of [
      ['DELETE', '/all'],
      ['POST', '/all/reload'],
    ] as const)
      expect((await ask(method, path)).status).toBe(403);
    expect((await ask('PUT', '/x', { ...RULE, streams: ['web'] })).status).toBe(200);
    key = api.access.add('other', undefined, { tenant: 'other' });
    expect((await ask('GET', '')).body.enrichments).toEqual([]);
    expect((await ask('GET', '/all')).status).toBe(404);
  });

  it('are fifty at most', async () => {
    for (let n = 0; n < 50; n += 1) await ask('PUT', `/r${n}`, RULE);
    expect((await ask('PUT', '/more', RULE)).body).toMatchObject({
      status: 409,
      code: 'too_many_enrichments',
    });
  });
});

describe('a dry run', () => {
  const events = [{ host: 'web-1' }, { host: 'web-1', owner: 'mine' }, { host: 'x' }, {}];

  it('shows what those in force would add', async () => {
    await ask('PUT', '/owners', { ...RULE, streams: ['web'] });
    const added = async (some: object) =>
      (await ask('POST', '/dry-run', { events, ...some })).body.results.map(
        (one: { added: object }) => one.added,
      );
    expect(await added({ stream: 'web' })).toEqual([{ owner: 'shop', n: 2 }, { n: 2 }, {}, {}]);
    expect(await added({})).toEqual([{}, {}, {}, {}]);
    expect((await ask('GET', '/owners')).body.counters).toMatchObject({ looked_up: 0 });
  });

  it('tries others, which count for nobody', async () => {
    const enrichments = [{ ...RULE, prefix: 'asset' }];
    const { body } = await ask('POST', '/dry-run', { events, enrichments });
    expect(body.results[1]).toEqual({ added: { 'asset.owner': 'shop', 'asset.n': 2 } });
    expect((await ask('GET', '')).body.enrichments).toEqual([]);
  });

  it.each([
    [{ events: [] }, 'invalid_request'],
    [{ events: ['text'] }, 'invalid_request'],
    [{ events, enrichments: [{ ...RULE, kind: 'nothing' }] }, 'enrichment_kind_unknown'],
    [{ events, enrichments: [{ ...RULE, options: {} }] }, 'invalid_request'],
    [{ events, enrichments: [RULE, { ...RULE, options: { file: 'bad' } }] }, 'enrichment_invalid'],
  ])('is refused as %j', async (payload, code) => {
    const { body } = await ask('POST', '/dry-run', payload);
    expect(body).toMatchObject({ status: 400, code });
    if (code === 'enrichment_invalid') expect(body.errors[0].path).toBe('enrichments.1.options.file');
  });
});
