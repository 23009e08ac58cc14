import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemoryCatalogue } from '#catalogue/testing';
import { ParserRegistry, type KeptDeclaration, type ParserVersionSource } from '#plugin-host';
import { OptionMistakesError, type Parser, type ParserPlugin } from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';
import { DeclaredParsers } from './declared-parsers.js';
import { declaredVersions } from './declared-versions.js';

const options = z.strictObject({ prefix: z.string() });
let isBroken = false;

/** Parsers that set a prefix before each line. */
function configure({ prefix }: z.infer<typeof options>): Parser {
  if (isBroken) throw new OptionMistakesError([{ path: ['prefix'], message: 'is bad', mend: 'Be good.' }]);
  const read = (line: Uint8Array): string => prefix + Buffer.from(line).toString();
  return {
    parse: (lines) => lines.map((line) => ({ kind: 'event', event: { message: read(line) } })),
    sniff: () => 0.4,
  };
}
const prefixed: ParserPlugin = {
  ...makeParserPlugin('prefix', () => ({ kind: 'json' })),
  template: { options, configure, example: { prefix: 'x' } },
};

let declared: DeclaredParsers;
let versions: ParserVersionSource;
let registry: ParserRegistry;
beforeEach(async () => {
  isBroken = false;
  registry = new ParserRegistry([prefixed]);
  declared = await DeclaredParsers.open(new MemoryCatalogue(), registry, { warn: () => {} });
  versions = declaredVersions(declared);
});
afterEach(() => declared.close());

const declare = (prefix: string): Promise<unknown> => {
  const by = { key_id: 'k', key_name: 'k' };
  const changed = { changed_at: new Date().toISOString(), changed_by: by };
  const made: KeptDeclaration = {
    name: 'shop',
    kind: 'prefix',
    options: { prefix },
    samples: [],
    ...changed,
  };
  return declared.put(made);
};
const ids = async (): Promise<unknown> => (await versions.list('shop'))?.map(({ id }) => id);
const context = { receivedAt: 1_795_239_970_000_000_000n };
const messageOf = async (id?: string): Promise<unknown> => {
  const found = id === undefined ? undefined : await versions.open('shop', id, () => {});
  if (found?.problems) return found.problems[0]?.what;
  const parse = found ? found.value.parse : registry.open('shop', () => {});
  const verdicts = (await parse?.([Buffer.from('a')], context)) ?? [];
  parse?.close?.();
  const parsed = verdicts[0]?.parsed;
  return parsed?.kind === 'event' ? parsed.event['message'] : parsed?.kind;
};

describe('the versions of a declared parser', () => {
  it('are the last five, by their numbers, the newest active', async () => {
    expect(await versions.list('shop')).toBeUndefined();
    for (const prefix of ['1', '2', '3', '4', '5', '6']) await declare(prefix);
    expect(await ids()).toEqual(['6', '5', '4', '3', '2']);
    expect(await versions.list('shop')).toMatchObject([
      { version: '6', isActive: true, isHeld: true, isBefore: false, isTrusted: true },
      { version: '5', isActive: false, isHeld: false, isBefore: true, since: expect.any(Number) },
      {},
      {},
      {},
    ]);
  });

  it('are tried apart from the active one, many lines in turns', async () => {
    await declare('old ');
    await declare('new ');
    expect([await messageOf(), await messageOf('1'), await messageOf('2')]).toEqual([
      'new a',
      'old a',
      'new a',
    ]);
    const opened = await versions.open('shop', '1', () => {});
    const lines = Array.from({ length: 60 }, (_, n) => Buffer.from(String(n)));
    if (opened.problems) throw new Error(JSON.stringify(opened.problems));
    const verdicts = await opened.value.parse(lines, context);
    expect([verdicts.length, verdicts[59]]).toMatchObject([
      60,
      { parser: 'shop', certainty: 0.4, parsed: { event: { message: 'old 59' } } },
    ]);
  });

  it('are declared again when they are activated, so that a roll back leads there and back', async () => {
    await declare('old ');
    await declare('new ');
    expect(await versions.activate('shop', '1', true)).toEqual([]);
    expect([await messageOf(), await ids()]).toEqual(['old a', ['3', '2', '1']]);
    expect(await versions.activate('shop', '2', true)).toEqual([]);
    expect(await messageOf()).toBe('new a');
    expect(await versions.activate('shop', '4', true)).toEqual([]);
    expect(await ids()).toEqual(['4', '3', '2', '1']);
  });

  it('are forgotten with the parser, whose numbers begin anew', async () => {
    await declare('old ');
    await declare('new ');
    await declared.remove('shop');
    expect(await versions.list('shop')).toBeUndefined();
    await declare('third ');
    expect([await ids(), await messageOf()]).toEqual([['1'], 'third a']);
  });

  it('that are gone, or can not be made any more, say so and change nothing', async () => {
    await declare('old ');
    await declare('new ');
    expect(await messageOf('9')).toMatch(/not kept any more/);
    expect((await versions.activate('shop', '9', true))[0]?.what).toMatch(/not kept any more/);
    isBroken = true;
    expect(await messageOf('1')).toMatch(/options have/);
    expect((await versions.activate('shop', '1', true))[0]?.what).toMatch(/options have/);
    expect(await messageOf()).toBe('new a');
  });
});
