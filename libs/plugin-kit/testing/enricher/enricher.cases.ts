import { deepStrictEqual, ok, rejects, strictEqual, throws } from 'node:assert/strict';
import { EnricherDataError, isEnrichedField, type Enricher, type EnrichedFields } from '#plugin-kit';
import { msOverLimit } from '../kept-time.js';
import { withWorld } from '../other-world.js';
import { contextOf, withEnricher, type EnricherCase, type EnricherHarness } from './contract-case.js';

/** Milliseconds that values of a MiB in all may take. */
const LONGEST_MS = 250;
const MEBIBYTE = 1024 * 1024;

/** Values that were never meant for any enricher. */
const HOSTILE: readonly string[] = [
  ...[
    '',
    ' ',
    '-',
    '\0',
    '\n',
    '\ud800',
    '\ufeff',
    '{}',
    '[]',
    'null',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...[
    '0',
    '-1',
    '1e999',
    '999.999.999.999',
    '::',
    ':::',
    '::ffff:1.2.3.4',
    '1.2.3.4/8',
    '[::1]',
    'fe80::1%eth0',
  ],
  '\u{1f680}'.repeat(50),
];

const valuesOf = ({ known, unknown }: EnricherHarness): readonly string[] => [
  ...known,
  ...unknown,
  ...HOSTILE,
];

function alone(enricher: Enricher, value: string): EnrichedFields | undefined {
  return enricher.enrich([value])[0];
}

/** Whether an answer is what the contract says: fields that may be added, with values that JSON keeps. */
function checkFields(fields: EnrichedFields): void {
  ok(Object.getPrototypeOf(fields) === Object.prototype || Object.getPrototypeOf(fields) === null);
  for (const [name, value] of Object.entries(fields)) {
    ok(isEnrichedField(name), `It adds a field named ${JSON.stringify(name)}.`);
    ok(['string', 'number', 'boolean'].includes(typeof value), `The field ${name} is a ${typeof value}.`);
    ok(typeof value !== 'number' || Number.isFinite(value), `The field ${name} is ${value}.`);
  }
}

/** What every enricher must keep. */
export const ENRICHER_CASES: readonly EnricherCase[] = [
  {
    promise: 'open',
    name: 'says what it opened',
    run: async ({ enricher, options, files }) => {
      const made = enricher.create(contextOf(options, files));
      const data = await made.open().finally(() => made.close());
      ok(data.title.length > 0);
      ok(data.entries === undefined || data.entries >= 0);
      ok(data.built_at === undefined || !Number.isNaN(Date.parse(data.built_at)));
    },
  },
  {
    promise: 'open',
    name: 'refuses data that is broken or not there, and says what mends it',
    run: async ({ enricher, options, files: good, broken }) => {
      // One that reads no files misses none.
      const missing = Object.keys(good).length > 0 ? [{}] : [];
      for (const files of [...missing, ...broken])
        await rejects(enricher.create(contextOf(options, files)).open(), (error) => {
          ok(error instanceof EnricherDataError, `It failed with ${String(error)}.`);
          for (const { option, what, mend } of error.mistakes) ok(option && what && mend);
          return true;
        });
    },
  },
  {
    promise: 'open',
    name: 'refuses options that it does not know',
    run: async ({ enricher, options, files }) => {
      throws(() => enricher.create(contextOf({ ...options, no_such_option: 1 }, files)));
    },
  },
  {
    promise: 'batch',
    name: 'answers nothing for no values, and for each of many what it answers for it alone',
    run: (harness) =>
      withEnricher(harness, (enricher) => {
        deepStrictEqual(enricher.enrich([]), []);
        const values = valuesOf(harness);
        const one = values.map((value) => alone(enricher, value));
        deepStrictEqual(enricher.enrich(values), one);
        deepStrictEqual(enricher.enrich([...values].reverse()), [...one].reverse());
        deepStrictEqual(enricher.enrich([...values, ...values]), [...one, ...one]);
      }),
  },
  {
    promise: 'pure',
    name: 'answers the same again, at another time and with other luck, and changes no list',
    run: (harness) =>
      withEnricher(harness, (enricher) => {
        const values = Object.freeze([...valuesOf(harness)]);
        const run = () => structuredClone(enricher.enrich(values));
        const early = withWorld(1_000_000_000_000, 0.1, run);
        deepStrictEqual(withWorld(2_000_000_000_000, 0.9, run), early);
        deepStrictEqual(run(), early);
      }),
  },
  {
    promise: 'total',
    name: 'takes any text without an error',
    run: (harness) =>
      withEnricher(harness, (enricher) => {
        for (const value of HOSTILE) alone(enricher, value);
      }),
  },
  {
    promise: 'answers',
    name: 'knows what it should and nothing else, in fields that may be added',
    run: (harness) =>
      withEnricher(harness, (enricher) => {
        for (const value of harness.known) {
          const fields = alone(enricher, value);
          ok(fields && Object.keys(fields).length > 0, `It does not know ${value}.`);
          checkFields(fields);
        }
        for (const value of harness.unknown) strictEqual(alone(enricher, value), undefined);
      }),
  },
  {
    promise: 'bounded',
    name: `answers for a MiB of values in ${LONGEST_MS} ms, in one value or many`,
    run: (harness) =>
      withEnricher(harness, (enricher) => {
        for (const piece of ['a', '1', '1.', ':', ' ', '0:', '"', '%']) {
          const long = piece.repeat(MEBIBYTE / piece.length);
          const many = Array.from({ length: 4_096 }, (_, n) => `${n}${piece.repeat(250 / piece.length)}`);
          for (const values of [[long], many]) {
            const ms = msOverLimit(() => enricher.enrich(values), LONGEST_MS);
            strictEqual(ms, undefined, `Values of ${JSON.stringify(piece)} took ${ms} ms.`);
          }
        }
      }),
  },
  {
    promise: 'close',
    name: 'may be closed before it is opened, and twice; another one goes on',
    run: async (harness) => {
      const { enricher, options, files } = harness;
      enricher.create(contextOf(options, files)).close();
      await withEnricher(harness, async (stays) => {
        const goes = enricher.create(contextOf(options, files));
        await goes.open();
        goes.close();
        goes.close();
        for (const value of harness.known) ok(alone(stays, value) !== undefined);
      });
    },
  },
];
