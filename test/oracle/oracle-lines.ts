import { createSeededRandom, type SeededRandom } from '../support/seeded-random.js';

/** What makes the lines of a run: the same plan gives the same bytes, in any process. */
export interface LinePlan {
  /** Lower-case letters and digits; part of every marker. */
  readonly run: string;
  readonly seed: number;
  /** The run's idea of now: milliseconds since the epoch. */
  readonly baseMs: number;
}

/** Where a correct system keeps a line: good ones in the table, the others in quarantine. */
export type LineKind = 'good' | 'not_json' | 'wrong_type' | 'not_utf8';

export interface OracleLine {
  readonly kind: LineKind;
  /** Without a line end. */
  readonly bytes: Buffer;
  /** The event as sent, for good lines. */
  readonly event?: Readonly<Record<string, unknown>>;
}

/** Who sent a line, and as its how manieth. */
export interface Marker {
  readonly producer: number;
  readonly sequence: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Days ago that events are dated: today, yesterday, and one that an old agent catches up on. */
export const DAYS_AGO = [0, 0, 0, 1, 1, 40] as const;
const LEVELS = ['INFO', 'INFO', 'debug', 'Warn', 'ERROR', 'fatal'] as const;
const WORDS = ['river', 'stone', 'harbour', 'lantern', 'ünïcode', 'quote " \\ tab \t', '漢字'] as const;
const WRONG: readonly [object, ...object[]] = [
  { latency_ms: 'slow' },
  { status: { code: 200 } },
  { latency_ms: true },
];

/** The line that a producer sends as its `sequence`th. */
export function makeLine(plan: LinePlan, marker: Marker): OracleLine {
  const random = createSeededRandom(plan.seed, marker.producer, marker.sequence);
  const kind = pickKind(random);
  const event = makeEvent(plan, marker, random);
  if (kind === 'good') return { kind, bytes: Buffer.from(JSON.stringify(event)), event };
  return { kind, bytes: spoil(kind, event, random) };
}

/** The text that marks a line as this run's own: in the field `oracle`, and as words of the message. */
export function formatMarker(plan: LinePlan, { producer, sequence }: Marker): string {
  return `${plan.run}-${producer}-${sequence}`;
}

/** Finds whose line a text is; undefined where no marker of this run is in it. */
export function findMarker(plan: LinePlan, text: string): Marker | undefined {
  const found = new RegExp(`"oracle":"${plan.run}-(\\d+)-(\\d+)"`).exec(text);
  return found ? { producer: Number(found[1]), sequence: Number(found[2]) } : undefined;
}

function pickKind(random: SeededRandom): LineKind {
  const drawn = random.below(100);
  if (drawn >= 4) return 'good';
  return drawn >= 2 ? 'not_json' : drawn === 1 ? 'wrong_type' : 'not_utf8';
}

function makeEvent(plan: LinePlan, marker: Marker, random: SeededRandom): Record<string, unknown> {
  const text = formatMarker(plan, marker);
  return {
    oracle: text,
    ...makeTimestamp(plan, marker, random),
    level: random.pick(LEVELS),
    service: `oracle-${random.below(5)}`,
    host: `host-${marker.producer}`,
    message: `${random.pick(WORDS)} ${text.replaceAll('-', 'x')} ${random.pick(WORDS)}`,
    trace_id: random.hex(32),
    user_id: `u${random.below(1000)}`,
    latency_ms: random.below(100_000) / 100,
    status: random.pick([200, 204, 404, 503]),
    ...makeUndeclared(random),
  };
}

/** One in fifty has no time of its own and is dated by its reception. */
function makeTimestamp(plan: LinePlan, { sequence }: Marker, random: SeededRandom): { timestamp?: string } {
  const ms = plan.baseMs - random.pick(DAYS_AGO) * DAY_MS - HOUR_MS + ((sequence * 3) % HOUR_MS);
  return random.below(50) === 0 ? {} : { timestamp: new Date(ms).toISOString() };
}

function makeUndeclared(random: SeededRandom): Record<string, unknown> {
  const shapes = [
    {},
    { attempt: random.below(9), cached: random.below(2) === 1, note: null },
    { order: { id: random.hex(8), lines: [1, 'two', { three: 3.5 }] }, empty: '' },
    { ratio: -random.below(1000) / 8, tags: ['a', random.pick(WORDS)] },
  ] as const;
  return random.pick<Record<string, unknown>>([...shapes]);
}

function spoil(kind: LineKind, event: Record<string, unknown>, random: SeededRandom): Buffer {
  if (kind === 'wrong_type') return Buffer.from(JSON.stringify({ ...event, ...random.pick(WRONG) }));
  const whole = Buffer.from(JSON.stringify(event));
  if (kind === 'not_json') return whole.subarray(0, whole.length - 1 - random.below(20));
  return Buffer.concat([whole.subarray(0, -1), Buffer.from(',"bytes":"'), BAD_UTF8, Buffer.from('"}')]);
}

const BAD_UTF8 = Buffer.from([0xc3, 0x28, 0xff]);
