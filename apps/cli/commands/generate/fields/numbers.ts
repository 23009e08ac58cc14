import { z } from 'zod';
import type { DrawContext } from './draw.js';
import type { FieldKind } from './field-scope.js';
import { kindOf } from './parameters.js';

const decimals = z.int().min(0).max(12).default(0);
const limits = { min: z.number().optional(), max: z.number().optional(), decimals };

interface Limits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly decimals: number;
}

const inOrder = ({ min, max }: Limits): boolean => min === undefined || max === undefined || min <= max;

/** Rounds and holds within the limits. */
function within({ min = -Infinity, max = Infinity, decimals: digits }: Limits, drawn: number): number {
  const held = Math.min(Math.max(drawn, min), max);
  return round(held, digits);
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** All numbers from one to another alike, both included. */
const uniform = kindOf(
  { name: 'uniform', example: '{ uniform: { from: 1, to: 6 } }' },
  z
    .strictObject({ from: z.number(), to: z.number(), decimals })
    .refine(({ from, to }) => from <= to, { path: ['to'], message: '"to" lies below "from"' }),
  ({ from, to, decimals: digits }) => {
    const scale = 10 ** digits;
    const [first, last] = [Math.ceil(from * scale), Math.floor(to * scale)];
    return ({ random }) => (first + random.below(Math.max(1, last - first + 1))) / scale;
  },
);

/** Around a mean, as heights or loads are. */
const normal = kindOf(
  { name: 'normal', example: '{ normal: { mean: 500, deviation: 80, min: 0 } }' },
  z
    .strictObject({ mean: z.number(), deviation: z.number().min(0), ...limits })
    .refine(inOrder, { path: ['max'], message: '"max" lies below "min"' }),
  (given) =>
    ({ random }) =>
      within(given, given.mean + given.deviation * random.gaussian()),
);

/** Many small ones and a long tail, as durations and sizes are. */
const logNormal = kindOf(
  { name: 'log_normal', example: '{ log_normal: { median: 20, sigma: 0.9, decimals: 2 } }' },
  z
    .strictObject({ median: z.number().positive(), sigma: z.number().min(0).max(10), ...limits })
    .refine(inOrder, { path: ['max'], message: '"max" lies below "min"' }),
  (given) =>
    ({ random }) =>
      within(given, given.median * Math.exp(given.sigma * random.gaussian())),
);

/** Each one more than the last. */
const sequence = kindOf(
  { name: 'sequence', example: '{ sequence: { start: 1, step: 1 } }' },
  z.strictObject({ start: z.int().default(1), step: z.int().default(1) }),
  ({ start, step }) => {
    let next = start;
    return () => {
      const value = next;
      next += step;
      return value;
    };
  },
);

/** A few values often, most of them rarely, as users and pages are. */
const zipf = kindOf(
  { name: 'zipf', example: '{ zipf: { values: 10000, exponent: 1.1, prefix: u } }' },
  z.strictObject({
    values: z.int().min(1).max(1e9),
    exponent: z.number().min(0.01).max(20).default(1),
    prefix: z.string().optional(),
  }),
  ({ values, exponent, prefix }) => {
    const rank = zipfRank(values, exponent);
    return prefix === undefined ? rank : (context) => `${prefix}${rank(context)}`;
  },
);

/** Ranks from 1 in the way of Hörmann and Derflinger (1996), by rejection and inversion: no table, whatever the size. */
function zipfRank(values: number, exponent: number): (context: DrawContext) => number {
  const area = (x: number): number => ratioOfExp((1 - exponent) * Math.log(x)) * Math.log(x);
  const height = (x: number): number => Math.exp(-exponent * Math.log(x));
  const inverse = (y: number): number => Math.exp(ratioOfLog(Math.max(-1, y * (1 - exponent))) * y);
  const [first, last] = [area(1.5) - 1, area(values + 0.5)];
  const shortcut = 2 - inverse(area(2.5) - height(2));
  return ({ random }) => {
    for (;;) {
      const y = last + random.next() * (first - last);
      const x = inverse(y);
      const rank = Math.min(Math.max(Math.round(x), 1), values);
      if (rank - x <= shortcut || y >= area(rank + 0.5) - height(rank)) return rank;
    }
  };
}

/** log(1 + x) / x, which tends to 1. */
function ratioOfLog(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2;
}

/** (exp(x) - 1) / x, which tends to 1. */
function ratioOfExp(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2;
}

/** The kinds of fields that draw numbers. */
export const numberKinds: readonly FieldKind[] = [uniform, normal, logNormal, zipf, sequence];
