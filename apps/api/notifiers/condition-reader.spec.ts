import { Gauge } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { ConditionReader } from './condition-reader.js';

let api: TestApi;
let reader: ConditionReader;

beforeEach(async () => {
  api = await startTestApi();
  reader = api.app.get(ConditionReader);
});
afterEach(() => api.stop());

const replace = (part: string, value: object): void => {
  Object.defineProperty(reader, part, { value });
};

describe('what is wrong', () => {
  it('is nothing where all is well', async () => {
    expect(await reader.read()).toEqual([]);
  });

  it('is a disk at its reserve', async () => {
    api.disk.freeBytes = 5e8;
    expect(await reader.read()).toMatchObject([
      { kind: 'disk_reserve', severity: 'critical', facts: { free_bytes: 5e8, reserve_bytes: 1e11 } },
    ]);
  });

  it.each([
    [30, 'warning', 'Nothing is refused yet'],
    [20, 'low_refused', 'class low are'],
    [10, 'normal_refused', 'but for streams'],
  ])('is a disk of which %i %% are free: %s', async (free, level, text) => {
    await api.settings.update({ disk_refuse_normal_at: 90 });
    api.disk.freeBytes = (2e12 * free) / 100;
    expect(await reader.read()).toMatchObject([
      {
        ...{ kind: 'disk_filling', severity: 'warning', text: expect.stringContaining(text) },
        facts: { level, used_percent: 100 - free, places: 'data,log,tier,catalogue' },
      },
    ]);
  });

  it('is a full backlog', async () => {
    replace('bus', { backlog: () => ({ bytes: 2 ** 40, blocks: 1 }) });
    expect(await reader.read()).toMatchObject([{ kind: 'backlog_full', facts: { backlog_bytes: 2 ** 40 } }]);
  });

  it('is each plugin that was taken out', async () => {
    const entry = { origin: 'outside', folder: '', problems: [], restarts: 3, version: '1.0.0' };
    replace('plugins', {
      entries: async () => [
        { ...entry, name: 'parser-a', state: 'suspended' },
        { ...entry, name: 'parser-b', state: 'loaded' },
      ],
    });
    expect(await reader.read()).toMatchObject([
      { key: 'plugin_suspended/parser-a', facts: { version: '1.0.0', restarts: 3 } },
    ]);
  });

  it('is an audit record that was rewritten', async () => {
    const broken = { sequence: 7, problem: 'changed', detail: 'It is another one.' };
    replace('audit', { verifier: { last: async () => ({ whole: false, broken }) } });
    expect(await reader.read()).toMatchObject([
      { kind: 'audit_broken', severity: 'critical', facts: { sequence: 7, problem: 'changed' } },
    ]);
  });

  it('is each input that does not listen', async () => {
    const record = { name: 'office', kind: 'syslog' };
    const trouble = { at: '', message: 'The port is in use.', mend: 'Choose another.' };
    replace('inputs', {
      list: () => [
        { record, state: 'failed', trouble },
        { record, state: 'stopped' },
      ],
    });
    expect(await reader.read()).toMatchObject([
      { key: 'input_failed/office', text: 'The port is in use. Choose another.' },
    ]);
  });

  it('is each enrichment whose data can not be opened', async () => {
    const mistakes = [{ option: 'file', what: 'No file.', mend: 'Add it.' }];
    const status = { state: 'ready', trouble: { at: '', mistakes } };
    replace('enrichments', {
      watched: () => [
        { tenant: 'acme', name: 'geo', status },
        { tenant: 'acme', name: 'hosts', status: { state: 'ready', trouble: undefined } },
      ],
    });
    expect(await reader.read()).toMatchObject([
      { key: 'enrichment_failed/acme/geo', text: 'No file. Add it.' },
    ]);
  });

  it('is each tenant whose ledger does not add up', async () => {
    const gauge = new Gauge({
      name: 'alluvium_ledger_residue_events',
      help: '.',
      labelNames: ['tenant'],
      registers: [api.metrics],
    });
    gauge.set({ tenant: 'acme' }, 3);
    gauge.set({ tenant: 'other' }, -1);
    gauge.set({ tenant: 'well' }, 0);
    expect(await reader.read()).toMatchObject([
      { key: 'ledger_residue/acme', title: 'Acknowledged events are missing', facts: { events: 3 } },
      { key: 'ledger_residue/other', title: 'Events are there too often' },
    ]);
  });
});
