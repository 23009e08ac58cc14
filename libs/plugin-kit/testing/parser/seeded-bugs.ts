import type { LineGrouping, ParsedLine, Parser } from '#plugin-kit';
import type { ParserPromise } from './contract-case.js';

/** A sound parser of `key=value` lines, which each seeded bug spoils in one way. */
export const SOUND_PARSER: Parser = {
  parse: (lines) => lines.map(parseLine),
  sniff: (line) => (isPair(line) ? 1 : 0),
  grouping: { maxLines: 10, open: () => (line) => line[0] === 0x20 },
};

/** Lines of the sound parser's format, and one that it refuses. */
export const PAIR_LINES: readonly Uint8Array[] = ['b=2', 'nothing', 'a=1'].map((line) => Buffer.from(line));

function isPair(line: Uint8Array): boolean {
  const at = line.indexOf(0x3d);
  return at > 0 && at < 100;
}

function parseLine(line: Uint8Array): ParsedLine {
  if (!isPair(line))
    return { kind: 'refused', reason: 'no_pair', message: 'There is no = within 100 bytes.' };
  const text = Buffer.from(line).toString();
  return { kind: 'event', event: { message: text, pair: [text.slice(0, text.indexOf('='))] } };
}

interface SeededParserBug {
  readonly bug: string;
  /** The promise of which at least one case must fail. */
  readonly breaks: ParserPromise;
  /** A fresh parser with the bug. */
  make(): Parser;
}

const wrap = (change: (answers: readonly ParsedLine[]) => readonly ParsedLine[]): (() => Parser) => {
  return () => ({ ...SOUND_PARSER, parse: (lines, context) => change(SOUND_PARSER.parse(lines, context)) });
};
const eachEvent = (change: (event: Record<string, unknown>) => Record<string, unknown>): (() => Parser) =>
  wrap((answers) =>
    answers.map((answer) => (answer.kind === 'event' ? { ...answer, event: change(answer.event) } : answer)),
  );
const sniffing = (sniff: Parser['sniff']): (() => Parser) => {
  return () => ({ ...SOUND_PARSER, sniff });
};

/** Says of each line what it said of the one before. */
function makeForgetful(): Parser {
  let last: ParsedLine = parseLine(Buffer.from('a=1'));
  const parse: Parser['parse'] = (lines) =>
    lines.map((line) => {
      const before = last;
      last = parseLine(line);
      return before;
    });
  return { ...SOUND_PARSER, parse };
}

/** Reads what isn't UTF-8 as an error. */
function makeStrict(): Parser {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return {
    ...SOUND_PARSER,
    parse: (lines) => lines.map((line) => parseLine(Buffer.from(decoder.decode(line)))),
  };
}

/** Takes the line end that isn't there away, in place. */
function makeSpoiler(): Parser {
  const parse: Parser['parse'] = (lines, context) => {
    const answers = SOUND_PARSER.parse(lines, context);
    for (const line of lines) line.fill(0x20, Math.max(0, line.length - 1));
    return answers;
  };
  return { ...SOUND_PARSER, parse };
}

/** Looks for the end of the line again from every place in it. */
function makeSlow(): Parser {
  const isShouted = (line: Uint8Array): boolean =>
    /(?:a|b| )*[!?]$/.test(Buffer.from(line).toString('latin1').slice(0, 40_000));
  const refusal: ParsedLine = { kind: 'refused', reason: 'too_loud', message: 'It shouts.' };
  return {
    ...SOUND_PARSER,
    parse: (lines) => lines.map((line) => (isShouted(line) ? refusal : parseLine(line))),
  };
}

/** Lines that begin with a space go on. */
const INDENTED: LineGrouping = { maxLines: 10, open: () => (line) => line[0] === 0x20 };

function grouping(spoilt: LineGrouping): () => Parser {
  return () => ({ ...SOUND_PARSER, grouping: spoilt });
}

/** Joins every second line of all texts together. */
function makeCounting(): Parser {
  let lines = 0;
  const open = () => (): boolean => (lines += 1) % 2 === 0;
  return { ...SOUND_PARSER, grouping: { ...INDENTED, open } };
}

/** One fault each, and the promise that the contract must find broken. */
export const SEEDED_PARSER_BUGS: readonly SeededParserBug[] = [
  { bug: 'joins without end', breaks: 'grouping', make: grouping({ ...INDENTED, maxLines: Number.NaN }) },
  {
    bug: 'joins by luck',
    breaks: 'grouping',
    make: grouping({ ...INDENTED, open: () => () => Math.random() < 0.5 }),
  },
  { bug: 'remembers the text before', breaks: 'grouping', make: makeCounting },
  {
    bug: 'leaves refused lines out',
    breaks: 'batch',
    make: wrap((all) => all.filter(({ kind }) => kind === 'event')),
  },
  { bug: 'sorts', breaks: 'order', make: wrap((all) => [...all].sort((a, b) => (a.kind < b.kind ? -1 : 1))) },
  { bug: 'turns the order round', breaks: 'order', make: wrap((all) => [...all].reverse()) },
  { bug: 'remembers lines', breaks: 'order', make: makeForgetful },
  { bug: 'changes the lines', breaks: 'pure', make: makeSpoiler },
  { bug: 'looks at the clock', breaks: 'pure', make: eachEvent((event) => ({ ...event, seen: Date.now() })) },
  { bug: 'makes up ids', breaks: 'pure', make: eachEvent((event) => ({ ...event, key: Math.random() })) },
  { bug: 'throws at what is no UTF-8', breaks: 'total', make: makeStrict },
  { bug: 'tries again and again', breaks: 'bounded', make: makeSlow },
  {
    bug: 'has values that JSON loses',
    breaks: 'answers',
    make: eachEvent((event) => ({ ...event, no: undefined })),
  },
  {
    bug: 'calls a word a time',
    breaks: 'answers',
    make: eachEvent((event) => ({ ...event, timestamp: 'soon' })),
  },
  {
    bug: 'has a confidence of its own',
    breaks: 'answers',
    make: wrap((all) =>
      all.map((one) => (one.kind === 'event' ? { ...one, confidence: 'none' as 'full' } : one)),
    ),
  },
  {
    bug: 'puts the line into the reason',
    breaks: 'answers',
    make: wrap((all) =>
      all.map((one) => (one.kind === 'refused' ? { ...one, reason: `no pair: ${one.message}` } : one)),
    ),
  },
  { bug: 'calls every line JSON', breaks: 'answers', make: wrap((all) => all.map(() => ({ kind: 'json' }))) },
  { bug: 'is surer than sure', breaks: 'sniff', make: sniffing((line) => line.length) },
  {
    bug: 'throws at a sniff',
    breaks: 'sniff',
    make: sniffing((line) => JSON.parse(Buffer.from(line).toString()) as number),
  },
];
