import { describe, expect, it } from 'vitest';
import { ParserRegistry, type ParserFailure, type Verdict } from '#plugin-host';
import type { ParsedLine, ParserPlugin } from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';

const RECEIVED = 1_795_239_970_000_000_000n;
const refused: ParsedLine = { kind: 'refused', reason: 'not_mine', message: 'It is not mine.' };
const event = (fields: Record<string, unknown>): ParsedLine => ({ kind: 'event', event: fields });
/** Takes lines that begin with its name; as sure of those as it is told, and hopeful of those with a question mark. */
const makeNamed = (name: string, sure = 1): ParserPlugin =>
  makeParserPlugin(
    name,
    (text) => (text.startsWith(name) ? event({ message: `${name} took ${text}` }) : refused),
    (text) => (text.startsWith(name) ? sure : text.includes('?') ? 0.4 : 0),
  );

describe('the parsers of a process', () => {
  const failures: ParserFailure[] = [];
  const failed = (failure: ParserFailure): void => void failures.push(failure);
  const run = (plugins: readonly ParserPlugin[], name: string, ...lines: string[]): readonly Verdict[] => {
    failures.length = 0;
    const parse = new ParserRegistry(plugins).open(name, failed);
    if (!parse) throw new Error(`there is no parser ${name}`);
    return parse(
      lines.map((line) => Buffer.from(line)),
      { receivedAt: RECEIVED },
    ) as readonly Verdict[];
  };
  const whose = (verdicts: readonly Verdict[]): (string | undefined)[] =>
    verdicts.map(({ parser }) => parser);
  const unknown = (message: string): Verdict => ({
    parser: undefined,
    parsed: { kind: 'event', event: { message, parse_status: 'none' } },
  });

  it('are found by the names of their plugins, auto aside', () => {
    const registry = new ParserRegistry([makeNamed('b'), makeNamed('a')]);
    expect(registry.names()).toEqual(['auto', 'a', 'b']);
    expect(['auto', 'a', 'c', '__proto__'].map((name) => registry.has(name))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(registry.find('a')?.manifest.name).toBe('parser-a');
    expect(registry.find('auto')).toBeUndefined();
    expect(registry.open('c', failed)).toBeUndefined();
  });

  it('are asked by name for every line, and refuse what is not theirs', () => {
    expect(run([makeNamed('a')], 'a', 'a1', 'x', 'a2')).toEqual([
      { parser: 'a', parsed: event({ message: 'a took a1' }) },
      { parser: 'a', parsed: refused },
      { parser: 'a', parsed: event({ message: 'a took a2' }) },
    ]);
  });

  it('are chosen by auto line by line, in order, and what none knows is an event as it is', () => {
    const verdicts = run([makeNamed('a'), makeNamed('b')], 'auto', 'a1', 'b1', 'neither', 'b2', 'a2');
    expect(whose(verdicts)).toEqual(['a', 'b', undefined, 'b', 'a']);
    expect(verdicts[2]).toEqual(unknown('neither'));
    expect(verdicts[4]?.parsed).toEqual(event({ message: 'a took a2' }));
  });

  it('are tried one after the other by auto where the surest refuses', () => {
    const bold = makeParserPlugin(
      'bold',
      () => refused,
      () => 1,
    );
    const verdicts = run([bold, makeNamed('z', 0.3)], 'auto', 'z1', 'what?');
    expect(whose(verdicts)).toEqual(['z', undefined]);
    expect(verdicts[1]?.parsed).toEqual({
      kind: 'event',
      event: { message: 'what?', parse_status: 'none' },
      warnings: ['bold: It is not mine.', 'z: It is not mine.'],
    });
  });

  it('are not taken at their word by auto where the time is one that storage refuses', () => {
    const late = makeParserPlugin(
      'late',
      (timestamp) => event({ timestamp }),
      () => 1,
    );
    const times = ['2026-11-21T00:00:00Z', '1969-12-31T00:00:00Z', '2027-11-21T00:00:00Z', 'yesterday'];
    expect(whose(run([late], 'auto', ...times))).toEqual(['late', undefined, undefined, undefined]);
    expect(whose(run([late], 'late', ...times))).toEqual(['late', 'late', 'late', 'late']);
  });

  it('are believed by auto where they could read a part', () => {
    const partial: ParsedLine = { kind: 'event', event: { message: 'm' }, confidence: 'partial' };
    const part = makeParserPlugin(
      'part',
      () => partial,
      () => 0.6,
    );
    expect(run([part, makeNamed('z', 0.3)], 'auto', 'z1')).toEqual([{ parser: 'part', parsed: partial }]);
  });

  it('ask the one that fitted last first, and no other where it is sure', () => {
    const asked: string[] = [];
    const spy = (name: string): ParserPlugin =>
      makeParserPlugin(
        name,
        () => event({}),
        (text) => (asked.push(name), text.startsWith(name) ? 1 : 0),
      );
    run([spy('a'), spy('b')], 'auto', 'b1', 'b2', 'b3');
    expect(asked).toEqual(['a', 'b', 'b', 'b']);
  });

  it('show the bytes of a line that is no UTF-8 with replacements', () => {
    const parse = new ParserRegistry([]).open('auto', failed);
    const found = parse?.([Buffer.from([0x61, 0xff])], { receivedAt: RECEIVED }) as readonly Verdict[];
    const [verdict] = found;
    expect(verdict).toEqual(unknown('a\ufffd'));
  });

  describe('that fail', () => {
    const throws = makeParserPlugin(
      'wild',
      () => {
        throw new Error('oh');
      },
      () => 1,
    );
    const answers = (results: unknown): ParserPlugin => ({
      ...throws,
      parser: { parse: () => results as ParsedLine[], sniff: () => 1 },
    });

    it.each([
      ['throws', throws],
      ['answers fewer lines', answers([event({})])],
      ['answers nothing', answers(undefined)],
      ['answers what is no answer', answers([event({}), undefined])],
      [
        'answers with a confidence of its own',
        answers([event({}), { kind: 'event', event: {}, confidence: 'none' }]),
      ],
      ['answers an event that is an array', answers([event({}), { kind: 'event', event: [] }])],
      ['makes up reasons', answers([event({}), { kind: 'refused', reason: 'User "x"', message: '' }])],
    ])('%s: by name its lines are refused, by auto they are events', (_what, plugin) => {
      expect(run([plugin], 'wild', 'x', 'y').map(({ parsed }) => parsed)).toMatchObject([
        { kind: 'refused', reason: 'parser:wild' },
        { kind: 'refused', reason: 'parser:wild' },
      ]);
      expect(failures).toMatchObject([{ parser: 'wild', lines: 2, error: expect.any(Error) }]);
      expect(run([plugin], 'auto', 'x', 'y')).toMatchObject([unknown('x'), unknown('y')]);
      expect(failures.length).toBeGreaterThan(0);
    });

    it('at a sniff, or answer nonsense to it, are not chosen', () => {
      const sniffs = (sniff: () => number): ParserPlugin => makeParserPlugin('n', () => event({}), sniff);
      const thrower = sniffs(() => {
        throw new Error('oh');
      });
      for (const plugin of [thrower, sniffs(() => Number.NaN), sniffs(() => 7)])
        expect(run([plugin], 'auto', 'x')).toEqual([unknown('x')]);
    });
  });
});
