import { beforeEach, expect, it } from 'vitest';
import { createBlockIdGenerator, type BlockId, type EventPlace } from '#event-model';
import { TierError, type RefusedLine, type StreamSpec, type TierBatch } from '#plugin-kit';
import { untilMinuteIsOver } from './minute-over.js';
import { moveQuarantine, type QuarantineSides } from './move-quarantine.js';
import { requireOwnRefused } from './require-own-refused.js';

const STREAM: StreamSpec = {
  ...{ tenant: 'acme', name: 'web', keepRaw: 'when_needed' },
  eventType: { name: 'log', title: '', description: '', fields: [], sortBy: [], rollUps: [], example: {} },
};
const DAY_NS = 86_400_000_000_000n;
const nextId = createBlockIdGenerator();

/** A quarantine in memory, of one stream. */
class Quarantine {
  lines: RefusedLine[] = [];
  readonly batches: TierBatch[] = [];
  /** Called for each line that is put. */
  change: (line: RefusedLine) => RefusedLine = (line) => line;

  refusedPlaces = async (_filter: object, { limit, after }: { limit: number; after?: EventPlace }) => {
    const from = after ? this.lines.findIndex((line) => isAt(line, after)) + 1 : 0;
    const some = this.lines.slice(from, from + limit);
    return some.map(({ block, row, raw }) => ({ block, row, stream: STREAM.name, bytes: raw.length }));
  };
  refusedLines = async (_stream: StreamSpec, places: readonly EventPlace[]) =>
    this.lines.filter((line) => places.some((place) => isAt(line, place)));
  countRefused = async () =>
    ({ total: this.lines.length }) as Awaited<ReturnType<QuarantineSides['to']['countRefused']>>;
  present = async () => [];

  /** As a tier reads the lines of a parsed block that are no events. */
  async insert(batch: TierBatch) {
    this.batches.push(batch);
    for (const { header, body, raw, rows = [] } of batch.blocks) {
      const texts = Buffer.from(raw ?? [])
        .toString()
        .split('\n');
      const refusals = Buffer.from(body).toString().split('\n');
      rows.forEach((row, n) => {
        const [reason = '', parser = ''] = refusals[n]!.slice(1).split('\x02');
        const { id: block, source, receivedAt } = header;
        this.lines.push(
          this.change({ block, row, source, receivedAt, reason, parser, raw: Buffer.from(texts[n]!) }),
        );
      });
    }
    return { stored: 0, quarantined: [] };
  }
}

let from: Quarantine;
let to: Quarantine;
let found: StreamSpec | undefined;
let failures: unknown[];
let reach: (name: string) => void;
beforeEach(() => {
  [from, to] = [new Quarantine(), new Quarantine()];
  [found, failures, reach] = [STREAM, [], () => undefined];
  const [first, second] = [nextId(), nextId()];
  from.lines = [line(first, 0), line(first, 7, { parser: 'syslog', reason: 'no_match' }), line(second, 3)];
  from.lines.push(line(nextId(), 1, { receivedAt: 5n * DAY_NS, source: 'b' }));
});

function isAt(a: EventPlace, b: EventPlace): boolean {
  return a.block === b.block && a.row === b.row;
}
function line(block: BlockId, row: number, some: Partial<RefusedLine> = {}): RefusedLine {
  const raw = Buffer.from(`{"row":${row}`);
  return { block, row, raw, source: 'a', receivedAt: 1n, reason: 'not_json', parser: '', ...some };
}
const move = (...tenants: readonly string[]) =>
  moveQuarantine(tenants.length > 0 ? tenants : ['acme'], {
    ...{ streams: { find: async () => found }, from, to, failed: (error) => failures.push(error) },
    reach: (name) => reach(name),
  });

it('brings refused events as they are, those of a day at once', async () => {
  expect(await move()).toBe(4);
  expect(to.lines).toEqual(from.lines);
  expect(to.batches.map(({ blocks }) => blocks.map(({ rows }) => rows))).toEqual([[[0, 7], [3]], [[1]]]);
});

it('broken off and begun again, brings what is missing alone', async () => {
  reach = () => {
    throw new Error('killed');
  };
  await expect(move()).rejects.toThrow('killed');
  to.lines.splice(1, 1);
  reach = () => undefined;
  expect(await move()).toBe(4);
  expect(to.lines).toHaveLength(4);
  expect(to.lines).toEqual(expect.arrayContaining(from.lines));
});

it('goes on when a server that was out is back', async () => {
  const insert = to.insert.bind(to);
  let tries = 0;
  to.insert = async (batch) => {
    tries += 1;
    if (tries === 1) throw new TierError('unavailable', 'out');
    return insert(batch);
  };
  expect(await move()).toBe(4);
  expect(failures).toHaveLength(1);
});

it.each([
  ['it is not there as it was', () => (to.change = (one) => ({ ...one, reason: 'other' }))],
  ['it is not there as it was', () => (to.change = (one) => ({ ...one, raw: Buffer.from('x') }))],
  ['it is no line of text', () => (from.lines = [line(nextId(), 0, { raw: Buffer.from('a\nb') })])],
  ['4 were brought, and 5 are there', () => to.lines.push(line(nextId(), 9))],
  ['has no such stream', () => (found = undefined)],
])('refuses where %s', async (why, spoil) => {
  spoil();
  await expect(move()).rejects.toMatchObject({
    ...{ code: 'migration_failed', message: expect.stringMatching(new RegExp(why)) },
  });
});

it('lets a new appliance have refused events beforehand that come from here, and no others', async () => {
  const origin = { streams: { find: async () => found }, tier: from };
  await requireOwnRefused('acme', to, undefined);
  to.lines = from.lines.slice(0, 2);
  await requireOwnRefused('acme', to, origin);
  const refused = {
    code: 'migration_refused',
    message: expect.stringContaining('drop the database tenant_acme'),
  };
  await expect(requireOwnRefused('acme', to, undefined)).rejects.toMatchObject(refused);
  to.lines = [...to.lines, line(nextId(), 1)];
  await expect(requireOwnRefused('acme', to, origin)).rejects.toMatchObject(refused);
  found = undefined;
  await expect(requireOwnRefused('acme', to, origin)).rejects.toMatchObject(refused);
});

it('waits until the last minute of what came along is over, a minute at most', async () => {
  const count = { tenant: 'acme', stream: 'web', source: 'a', minute: 600_000, events: 1 };
  const waits: number[] = [];
  const wait = async (ms: number) => waits.push(ms);
  for (const now of [600_000, 645_000, 660_000, 0]) await untilMinuteIsOver([count], wait, now);
  await untilMinuteIsOver([], wait);
  expect(waits).toEqual([60_000, 15_000, 60_000]);
});
