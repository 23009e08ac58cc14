import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemoryCatalogue } from '#catalogue/testing';
import {
  DeclarationError,
  DeclaredParsers,
  MAX_DECLARED,
  ParserRegistry,
  type KeptDeclaration,
  type Verdict,
} from '#plugin-host';
import { neverMine, OptionMistakesError, type Parser, type ParserPlugin } from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';

const options = z.strictObject({ prefix: z.string().min(1), sure: z.number().default(0) });

/** Makes parsers of lines that begin with a prefix. */
function configure({ prefix, sure }: z.infer<typeof options>): Parser {
  if (prefix === 'bad')
    throw new OptionMistakesError([{ path: ['prefix'], message: 'is bad', mend: 'Be good.' }]);
  if (prefix === 'broken') throw new TypeError('a fault of the plugin');
  const isMine = (line: Uint8Array): boolean => Buffer.from(line).toString().startsWith(prefix);
  return {
    parse: (lines) =>
      lines.map((line) =>
        isMine(line)
          ? { kind: 'event', event: { message: prefix } }
          : { kind: 'refused', reason: 'not_mine', message: 'It is not mine.' },
      ),
    sniff: sure === 0 ? neverMine : (line) => (isMine(line) ? sure : 0),
    grouping: { maxLines: 3, open: () => (line) => (line.length === 0 ? never() : line[0] === 0x20) },
  };
}
function never(): never {
  throw new Error('a fault of the grouping');
}
const prefixed: ParserPlugin = {
  ...makeParserPlugin('prefix', () => ({ kind: 'json' })),
  template: { options, configure, example: { prefix: 'x' } },
};
const plain = makeParserPlugin(
  'plain',
  (text) => ({ kind: 'event', event: { message: text } }),
  () => 0.5,
);

const declaration = (name: string, given: object = { prefix: name }): KeptDeclaration => ({
  ...{ name, kind: 'prefix', options: given, samples: [] },
  ...{ changed_at: new Date().toISOString(), changed_by: { key_id: 'k', key_name: 'k' } },
});

let catalogue: MemoryCatalogue;
let registry: ParserRegistry;
let declared: DeclaredParsers;
let warnings: unknown[];
const open = (parsers: ParserRegistry) =>
  DeclaredParsers.open(catalogue, parsers, { warn: (given: unknown) => void warnings.push(given) });

beforeEach(async () => {
  catalogue = new MemoryCatalogue();
  registry = new ParserRegistry([prefixed, plain]);
  warnings = [];
  declared = await open(registry);
});
afterEach(() => declared.close());

const parse = (name: string, ...lines: string[]): (string | undefined)[] => {
  const parser = registry.open(name, () => {});
  const verdicts = parser?.(
    lines.map((line) => Buffer.from(line)),
    { receivedAt: 1_795_239_970_000_000_000n },
  );
  return (verdicts as readonly Verdict[]).map((verdict) => verdict.parser);
};

describe('declared parsers', () => {
  it('are of kinds, which nobody can ask for themselves', () => {
    expect([...registry.kinds.keys()]).toEqual(['prefix']);
    expect([registry.names(), registry.has('prefix')]).toEqual([['auto', 'plain'], false]);
  });

  it('are there at once, in the next process too, and change', async () => {
    expect(await declared.put(declaration('shop'))).toMatchObject({ name: 'shop', version: 1 });
    expect([registry.names(), registry.has('shop'), registry.isDeclared('shop')]).toEqual([
      ['auto', 'plain', 'shop'],
      true,
      true,
    ]);
    expect(registry.find('shop')?.manifest).toMatchObject({
      name: 'parser-shop',
      version: '1.0.0',
      title: 'shop',
    });
    expect(parse('shop', 'shop 1')).toEqual(['shop']);
    await declared.put(declaration('shop', { prefix: 'other' }));
    expect([declared.find('shop')?.version, registry.find('shop')?.manifest.version]).toEqual([2, '2.0.0']);
    const next = new ParserRegistry([prefixed]);
    const again = await open(next);
    expect([next.names(), again.list().length]).toEqual([['auto', 'shop'], 1]);
    again.close();
  });

  it('are told of by another process', async () => {
    const other = new ParserRegistry([prefixed]);
    const theirs = await open(other);
    await declared.put(declaration('shop'));
    await expect.poll(() => other.has('shop')).toBe(true);
    await declared.remove('shop');
    await expect.poll(() => other.has('shop')).toBe(false);
    theirs.close();
  });

  it('go, and are told as they were', async () => {
    await declared.put(declaration('shop'));
    expect(await declared.remove('shop')).toMatchObject({ name: 'shop', version: 1 });
    expect([await declared.remove('shop'), registry.has('shop'), registry.open('shop', () => {})]).toEqual([
      undefined,
      false,
      undefined,
    ]);
  });

  it('are asked by auto only where they may be sure', async () => {
    await declared.put(declaration('quiet'));
    await declared.put(declaration('loud', { prefix: 'l', sure: 0.8 }));
    expect(parse('auto', 'quiet', 'loud', 'x')).toEqual(['plain', 'loud', 'plain']);
    expect([
      registry.certainty('loud', Buffer.from('l')),
      registry.certainty('quiet', Buffer.from('q')),
    ]).toEqual([0.8, 0]);
  });

  it('say which lines belong together, and a fault of that says no', async () => {
    await declared.put(declaration('shop'));
    const goesOn = registry.grouping('shop')?.open();
    expect([' a', 'a', ''].map((line) => goesOn?.(Buffer.from(line)))).toEqual([true, false, false]);
    expect([registry.grouping('plain'), registry.grouping('auto')]).toEqual([undefined, undefined]);
  });

  it.each<[string, KeptDeclaration, string]>([
    ['of no kind', { ...declaration('a'), kind: 'plain' }, 'parser_kind_unknown'],
    ['with the name of a plugin', declaration('plain'), 'parser_name_taken'],
    ['with the name auto', declaration('auto'), 'parser_name_taken'],
    ['with options of another form', declaration('a', { prefx: 'a' }), 'parser_options_invalid'],
    ['with options that mean nothing', declaration('a', { prefix: 'bad' }), 'parser_options_invalid'],
  ])('are refused %s', async (_what, given, code) => {
    await expect(declared.put(given)).rejects.toMatchObject({ code });
    expect(declared.list()).toEqual([]);
  });

  it('have their mistakes told with their places', async () => {
    const build = (given: object) => declared.build(declaration('a', given), { name: 'a' });
    const mistakesOf = (given: object) => build(given).catch((error: DeclarationError) => error.mistakes);
    expect(await mistakesOf({ prefix: 'bad' })).toEqual([
      { path: ['prefix'], message: 'is bad', mend: 'Be good.' },
    ]);
    expect(await mistakesOf({ prefix: '', more: 1 })).toHaveLength(2);
    await expect(build({ prefix: 'broken' })).rejects.toThrow(TypeError);
  });

  it('are changed and deleted only where they are what the change is meant for', async () => {
    await declared.put(declaration('shop'), 0);
    await expect(declared.put(declaration('shop', { prefix: 'x' }), 0)).rejects.toMatchObject({
      code: 'parser_conflict',
      message: 'The change is meant for the version 0; its version is 1 now.',
    });
    await expect(declared.put(declaration('other'), 3)).rejects.toThrow('there is no such declared parser');
    expect(await declared.put(declaration('shop', { prefix: 'x' }), 1)).toMatchObject({ version: 2 });
    await expect(declared.remove('shop', 1)).rejects.toMatchObject({ code: 'parser_conflict' });
    expect(await declared.remove('shop', 2)).toMatchObject({ version: 2 });
  });

  it(`are ${MAX_DECLARED} at most`, async () => {
    for (let n = 0; n < MAX_DECLARED; n += 1)
      await catalogue.write([{ collection: 'declared-parsers', id: `p${n}`, value: declaration(`p${n}`) }]);
    await expect(declared.put(declaration('more'))).rejects.toMatchObject({ code: 'too_many_parsers' });
    expect(await declared.put(declaration('p7'))).toMatchObject({ version: 2 });
  });

  it('that can not be made any more are left out, with a warning', async () => {
    const value = declaration('old', { prefix: 'bad' });
    await catalogue.write([{ collection: 'declared-parsers', id: 'old', value }]);
    await declared.put(declaration('shop'));
    expect([registry.has('old'), registry.has('shop'), declared.list().length]).toEqual([false, true, 2]);
    expect(warnings).toContainEqual(expect.objectContaining({ parser: 'old' }));
    expect([declared.trouble('old'), declared.trouble('shop')]).toEqual([
      'The options have a mistake; see errors.',
      undefined,
    ]);
  });
});
