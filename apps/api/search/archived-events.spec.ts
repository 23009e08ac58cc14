import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStorageError } from '#archive-storage';
import { ArchivedUnits, type UnitCopy } from '#archived-units';
import { parseTime } from '#event-model';
import { TierError } from '#plugin-kit';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const WEB = { tenant: 'default', stream: 'web' };
const AT = '2026-02-01T00:00:00Z';
const RANGE = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-04T00:00:00Z' };
const SCHEMA = { columns: [{ name: 'service', type: 'String' }], sorted_by: ['service'] };
const EVENT_ID = `${'0'.repeat(31)}1-0`;

let api: TestApi;
let key: string;
let units: ArchivedUnits;
beforeEach(async () => {
  api = await startTestApi({ settings: { searchArchiveBytes: 25 } });
  key = api.access.add('analyst');
  units = new ArchivedUnits(api.catalogue);
  const headers = { authorization: key };
  for (const name of ['web', 'db'])
    await api.inject({ method: 'POST', url: '/api/v1/streams', payload: { name }, headers });
});
afterEach(() => api.stop());

/** Ten bytes of a day of January. */
function copyOf(day: number): UnitCopy {
  const name = `day-${day}`;
  const time = (clock: string) => String(parseTime(`2026-01-0${day}T${clock}Z`));
  return {
    ...{ day: 20_260_100 + day, generation: 0, events: 3, sources: [], through: 'ff', copied_at: AT },
    ...{
      oldest: time('00:00:00'),
      newest: time('23:00:00'),
      manifest: { key: `${name}.json`, sha256: 'aa' },
    },
    files: [{ key: `${name}.parquet`, bytes: 10, sha256: name, events: 3 }],
  };
}
async function archive(...days: readonly number[]): Promise<void> {
  for (const day of days) {
    await units.commit(WEB, copyOf(day), SCHEMA);
    await units.answer(WEB, { day: 20_260_100 + day, generation: 0, manifest: `day-${day}.json` }, AT);
  }
}
/** Says that a day is on its way into the archive. */
async function awaits(day: number): Promise<void> {
  const place = { collection: 'archived-units', id: 'default/web' };
  const stored = await api.catalogue.read<object>(place.collection, place.id);
  await api.catalogue.write([{ ...place, value: { ...stored?.value, awaited: [copyOf(day)] } }]);
}
const post = (url: string, payload: object) =>
  api.inject({ method: 'POST', url: `/api/v1/${url}`, payload, headers: { authorization: key } });
const get = (url: string) => api.inject({ url: `/api/v1/${url}`, headers: { authorization: key } });

describe('a question over archived days', () => {
  it('brings the tier those of its range that answer, as files that are held meanwhile', async () => {
    await archive(2, 3, 4);
    await units.commit(WEB, copyOf(1), SCHEMA);
    const answer = await post('logs', RANGE);
    expect(answer.statusCode).toBe(200);
    const [query] = api.tier.queries;
    expect(query?.streams.map(({ name, archived }) => [name, archived?.map(({ files }) => files)])).toEqual(
      expect.arrayContaining([
        ['db', undefined],
        [
          'web',
          [
            [{ path: '/archives/day-2.parquet', bytes: 10 }],
            [{ path: '/archives/day-3.parquet', bytes: 10 }],
          ],
        ],
      ]),
    );
    expect(query?.streams.find(({ name }) => name === 'web')?.archived?.[0]).toMatchObject({
      ...{ day: 20_260_102, generation: 0, events: 3, columns: SCHEMA.columns },
      oldest: parseTime('2026-01-02T00:00:00Z'),
    });
    expect(answer.json().stats.archives).toEqual({ units: 2, events: 6, bytes: 20 });
    expect(api.objects.held).toBe(0);
    const hot = await post('logs', { ...RANGE, stream: 'db' });
    expect(hot.json().stats).not.toHaveProperty('archives');
  });

  it('of which some are on their way here is refused, whatever is asked, and answered about other times', async () => {
    await archive(1);
    await awaits(3);
    const query = new URLSearchParams(RANGE);
    const refused = [
      await post('logs', RANGE),
      await post('logs/aggregate', { ...RANGE, metrics: [{ function: 'count' }] }),
      await get(`fields?${query}`),
      await get(`logs/export?${query}`),
      await get(`logs/${'0'.repeat(32)}-0`),
    ];
    for (const answer of refused) {
      expect([answer.statusCode, answer.json().code]).toEqual([503, 'history_on_its_way']);
      expect(answer.json().detail).toContain('1 days of the stream "web" between 20260103 and 20260103');
      expect(answer.headers['retry-after']).toBe('30');
    }
    const before = { ...RANGE, end_time: '2026-01-03T00:00:00Z' };
    expect((await post('logs', before)).json()).toMatchObject({ stats: { archives: { units: 1 } } });
  });

  it('that are many bytes is asked only when it is confirmed, whatever is asked', async () => {
    await archive(1, 2, 3);
    const query = new URLSearchParams(RANGE);
    const metrics = [{ function: 'count' }];
    const refused = [
      await post('logs', RANGE),
      await post('logs/aggregate', { ...RANGE, metrics }),
      await get(`fields?${query}`),
      await get(`logs?${query}`),
    ];
    for (const answer of refused) {
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'archive_scan_unconfirmed']);
      expect(answer.json().detail).toContain('30 bytes of 3 archived days');
      expect(answer.json().mend).toContain('confirm_archive_scan: true');
    }
    const confirm = { ...RANGE, confirm_archive_scan: true };
    const taken = [
      await post('logs', confirm),
      await post('logs/aggregate', { ...confirm, metrics }),
      await get(`fields?${query}&confirm_archive_scan=true`),
      await get(`logs?${query}&confirm_archive_scan=true`),
    ];
    for (const answer of taken)
      expect([answer.statusCode, answer.json().stats.archives.units]).toEqual([200, 3]);
    expect(api.objects.held).toBe(0);
  });

  it('names the unit whose file is missing, damaged or larger than what may be held', async () => {
    await archive(2);
    const missing = 'Nothing is under day-2.parquet.';
    api.objects.failure = new ArchiveStorageError('archive_object_missing', missing);
    const gone = await post('logs', RANGE);
    expect([gone.statusCode, gone.json().code]).toEqual([503, 'archive_unreadable']);
    expect(gone.json().detail).toContain('web/20260102-0');
    api.objects.failure = new ArchiveStorageError('archive_tier_failed', 'EIO of /mnt/cold');
    const failed = await post('logs', RANGE);
    expect([failed.statusCode, failed.json().code]).toEqual([503, 'archive_unreadable']);
    expect(failed.json().detail).toContain('its plugin is missing or failed');
    expect(failed.json().detail).not.toContain('/mnt');
    api.objects.failure = new ArchiveStorageError('archive_cache_too_small', '10 bytes are too many.');
    expect((await post('logs', RANGE)).json().code).toBe('archive_scan_too_large');
    api.objects.failure = undefined;
    api.tier.failure = new TierError('data', 'bad magic (in file /archives/day-2.parquet)');
    const damaged = await post('logs', RANGE);
    expect([damaged.statusCode, damaged.json().code]).toEqual([503, 'archive_unreadable']);
    expect(damaged.json().detail).toContain('day-2.parquet');
    expect(damaged.json().detail).not.toContain('/archives');
    expect(api.objects.held).toBe(0);
  });
});

it('one event by its id is looked for in all archives when no table has it', async () => {
  await archive(1, 2, 3);
  const asked: number[] = [];
  api.tier.find = (_tenant, streams) => {
    asked.push(streams.flatMap(({ archived }) => archived ?? []).length);
    return Promise.resolve(undefined);
  };
  expect((await get(`logs/${EVENT_ID}`)).json().code).toBe('event_unknown');
  expect(asked).toEqual([0, 3]);
  expect(api.objects.held).toBe(0);
});
