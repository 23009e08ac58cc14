import { createSeededRandom, type SeededRandom } from '../test/support/seeded-random.js';

/** Events in the shape that a web service logs: the fields of the type `service-log`. */
export interface GeneratorPlan {
  readonly seed: number;
  readonly events: number;
  /** Milliseconds since the epoch of the first and the last event. */
  readonly startMs: number;
  readonly endMs: number;
}

type Words = readonly [string, ...string[]];

const SERVICES: Words = [
  'basket',
  'billing',
  'browse',
  'finder',
  'edge',
  'identity',
  'stock',
  'parcel',
  'mail',
  'book',
];
const REGIONS: Words = ['eu-west-1', 'eu-north-1', 'us-east-1', 'ap-south-1'];
const PATHS: Words = ['/api/orders', '/api/basket', '/api/items', '/login', '/api/refunds', '/api/users'];
const THINGS: Words = ['orders', 'items', 'users', 'sessions', 'refunds', 'parcels', 'stock'];
const LEVELS: readonly [number, string][] = [
  [0.8, 'INFO'],
  [0.9, 'DEBUG'],
  [0.96, 'WARN'],
  [0.99, 'ERROR'],
  [1, 'FATAL'],
];
const GOOD = [200, 200, 200, 201, 204, 304, 404] as const;
const BAD = [500, 502, 503, 504] as const;

type Template = (random: SeededRandom) => string;

const ROUTINE: readonly [Template, ...Template[]] = [
  (r) =>
    `${r.pick(['GET', 'POST', 'PUT'])} ${r.pick(PATHS)}/${r.below(1e6)} done in ${r.below(900)} ms with ${r.pick(GOOD)}`,
  (r) => `order ${r.hex(8)} placed by customer ${r.below(1e5)} for ${(r.next() * 400).toFixed(2)} EUR`,
  (r) => `cache hit for key ${r.pick(THINGS)}:${r.below(1e6)} with ${r.below(3600)} s left`,
  (r) => `session ${r.hex(16)} opened on shard ${r.below(64)}`,
  (r) =>
    `sent message ${r.hex(10)} to ${r.pick(THINGS)}.v${r.below(4)} partition ${r.below(24)} offset ${r.below(1e8)}`,
  (r) => `took ${r.below(500)} records from ${r.pick(THINGS)}, ${r.below(20_000)} behind`,
  (r) => `SELECT FROM ${r.pick(THINGS)} WHERE id = ${r.below(1e7)} took ${r.below(90)} ms`,
  (r) => `parcel ${r.hex(8)} given to the carrier in hall ${r.below(12)}`,
  (r) => `job ${r.pick(['settle', 'sweep', 'digest'])} ended, ${r.below(1e5)} rows in ${r.below(1e5)} ms`,
  (r) => `${r.pick(SERVICES)} answered ${r.pick(GOOD)} in ${r.below(700)} ms`,
  (r) => `stock of item ${r.below(1e6)} went from ${r.below(900)} to ${r.below(900)}`,
  (r) => `token renewed for client ${r.hex(8)}, good for ${r.below(3600)} s`,
];

const TROUBLE: readonly [Template, ...Template[]] = [
  (r) => `slow query on ${r.pick(THINGS)}: ${r.below(9000)} ms, ${r.below(1e6)} rows`,
  (r) => `trying ${r.pick(SERVICES)} again, ${r.below(5)} of 5, after ${r.below(2000)} ms`,
  (r) => `connection reset by peer while calling ${r.pick(SERVICES)} at 10.${r.below(256)}.${r.below(256)}.7`,
  (r) => `timeout of ${r.below(30)} s waiting for a lock on ${r.pick(THINGS)}`,
  (r) => `payment ${r.hex(12)} declined: ${r.pick(['no funds', 'card expired', 'fraud suspected'])}`,
  (r) => `deadlock on ${r.pick(THINGS)}, transaction ${r.below(1e8)} rolled back`,
  (r) => `out of memory: process ${r.below(32_768)} used ${r.below(64_000)} MiB`,
];

/** NDJSON lines without line ends; the same for the same plan. */
export function* generateEvents(plan: GeneratorPlan): Generator<string> {
  const random = createSeededRandom(plan.seed);
  const step = (plan.endMs - plan.startMs) / plan.events;
  for (let i = 0; i < plan.events; i++) yield makeEvent(random, plan.startMs + Math.floor(i * step));
}

function makeEvent(random: SeededRandom, ms: number): string {
  const level = pickLevel(random.next());
  const isRoutine = level === 'INFO' || level === 'DEBUG';
  const isBad = level === 'ERROR' || level === 'FATAL';
  const service = SERVICES[skewed(random, SERVICES.length, 2)] ?? SERVICES[0];
  return JSON.stringify({
    timestamp: new Date(ms + random.below(1000)).toISOString(),
    level,
    service,
    host: `${service.slice(0, 3)}-${String(skewed(random, 200, 2)).padStart(3, '0')}`,
    message: random.pick(isRoutine ? ROUTINE : TROUBLE)(random),
    user_id: `u${skewed(random, 100_000, 4)}`,
    ip: [1 + random.below(223), random.below(256), random.below(256), random.below(256)].join('.'),
    trace_id: random.hex(32),
    span_id: random.hex(16),
    latency_ms: Math.round(Math.exp(2.5 + 1.9 * (random.next() + random.next() - 1)) * 100) / 100,
    status: isBad ? random.pick(BAD) : random.pick(GOOD),
    region: random.pick(REGIONS),
    version: `${1 + random.below(3)}.${random.below(20)}.${random.below(10)}`,
  });
}

function pickLevel(drawn: number): string {
  return LEVELS.find(([share]) => drawn < share)?.[1] ?? 'INFO';
}

/** A few values often, the others rarely: the higher the power, the more so. */
function skewed(random: SeededRandom, below: number, power: number): number {
  return Math.floor(random.next() ** power * below);
}
