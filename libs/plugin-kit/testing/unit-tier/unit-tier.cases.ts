import { deepStrictEqual, ok, rejects } from 'node:assert/strict';
import { UnitMissingError, type KeptUnit, type UnitTier } from '#plugin-kit';
import { piecesOf, readAll, unitOf, type UnitTierCase } from './contract-case.js';

const ONE = unitOf('1');
const OTHER = unitOf('2');

/** Lines whose bytes stores like to change: ends of lines, zeros, letters that have two forms, what looks like another format. */
const NASTY = [
  '{"message":"a\\u0000b","n":12345678901234567890,"n":1}\n',
  '{"message":"\u00e9 is not e\u0301, \u{1faa8}, \ufeff, \u2028"}\r\n',
  '{"message":" spaces at the end "}  \n',
  '{ "other" : "spaces" , "float":-0.0}\n',
  'null\n"text"\n[]\n',
  '{"message":"the same"}\n{"message":"the same"}\n',
];
/** Longer than any buffer. */
const LONG = `{"message":"${'0123456789abcdef'.repeat(200_000)}"}\n`;

const numbered = (count: number, at = 0): string[] =>
  Array.from({ length: count }, (_, n) => `{"n":${at + n},"message":"event ${at + n}"}\n`);

async function isMissing(tier: UnitTier, unit: KeptUnit): Promise<void> {
  await rejects(readAll(tier, unit), (error) => error instanceof UnitMissingError);
}

async function gives(tier: UnitTier, unit: KeptUnit, texts: readonly string[]): Promise<void> {
  const [read, wanted] = [await readAll(tier, unit), Buffer.from(texts.join(''))];
  // Two long texts side by side help nobody.
  if (read.equals(wanted)) return;
  const at = wanted.findIndex((byte, n) => read[n] !== byte);
  deepStrictEqual(
    { bytes: read.length, differsAt: at < 0 ? wanted.length : at },
    { bytes: wanted.length, differsAt: undefined },
  );
}

/** Lines, and something that happens before the last one is given. */
async function* lines(
  texts: readonly string[],
  before: () => Promise<void> | void,
): AsyncGenerator<Uint8Array> {
  yield* piecesOf(texts.slice(0, -1));
  await before();
  yield* piecesOf(texts.slice(-1));
}

/** The contract of `UnitTier`, sentence by sentence. */
export const UNIT_TIER_CASES: readonly UnitTierCase[] = [
  {
    promise: 'same',
    name: 'gives back the bytes that were written, in their order and to the last one',
    async run({ tier }) {
      await tier.write(ONE, piecesOf(NASTY));
      await gives(tier, ONE, NASTY);
    },
  },
  {
    promise: 'same',
    name: 'keeps long lines, and many pieces',
    async run({ tier }) {
      const texts = [...numbered(2_000), LONG, ...numbered(2_000, 2_000)];
      await tier.write(ONE, piecesOf(texts));
      await gives(tier, ONE, texts);
    },
  },
  {
    promise: 'apart',
    name: 'keeps units apart by their names alone, and gives them to another one beside it',
    async run({ tier, beside }) {
      await tier.write(ONE, piecesOf(numbered(3)));
      const reader = beside();
      await tier.write(OTHER, piecesOf(numbered(5, 10)));
      await gives(reader, ONE, numbered(3));
      await gives(reader, OTHER, numbered(5, 10));
    },
  },
  {
    promise: 'again',
    name: 'has a unit once that is written twice',
    async run({ tier }) {
      for (let n = 0; n < 2; n += 1) await tier.write(ONE, piecesOf(numbered(4)));
      await gives(tier, ONE, numbered(4));
    },
  },
  {
    promise: 'missing',
    name: 'says of a unit that is not there that it is missing, and of no other',
    async run({ tier }) {
      await isMissing(tier, ONE);
      await tier.write(ONE, piecesOf(numbered(1)));
      await isMissing(tier, OTHER);
      await gives(tier, ONE, numbered(1));
    },
  },
  {
    promise: 'remove',
    name: 'removes a unit and no other, and what is gone already',
    async run({ tier, beside, afterwards }) {
      await tier.write(ONE, piecesOf(numbered(1)));
      await tier.write(OTHER, piecesOf(numbered(2)));
      await tier.remove(ONE);
      const later = await afterwards();
      await tier.remove(ONE);
      for (const one of [tier, beside(), later]) {
        await isMissing(one, ONE);
        await gives(one, OTHER, numbered(2));
      }
      await tier.write(ONE, piecesOf(numbered(3)));
      await gives(tier, ONE, numbered(3));
    },
  },
  {
    promise: 'durable',
    name: 'has a unit on disk when it says that it has it',
    async run({ tier, afterwards }) {
      await tier.write(ONE, piecesOf([...numbered(500), LONG]));
      await gives(await afterwards(), ONE, [...numbered(500), LONG]);
    },
  },
  {
    promise: 'whole',
    name: 'gives nothing of a unit that was not written to its end, and takes it the next time',
    async run({ tier, afterwards }) {
      const texts = [LONG, ...numbered(500)];
      let killed: UnitTier | undefined;
      await tier.write(
        ONE,
        lines(texts, async () => void (killed = await afterwards())),
      );
      ok(killed, 'It did not read all lines.');
      await isMissing(killed, ONE);
      await killed.write(ONE, piecesOf(texts));
      await gives(killed, ONE, texts);
    },
  },
  {
    promise: 'whole',
    name: 'fails where the lines break off, and has none of them',
    async run({ tier }) {
      const breaking = lines([LONG, ...numbered(3)], () => {
        throw new Error('the lines break off');
      });
      await rejects(tier.write(ONE, breaking));
      await isMissing(tier, ONE);
    },
  },
];
