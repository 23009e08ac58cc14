/** A line of any length: a beginning, and a piece again and again. */
export interface AdversarialLine {
  readonly begin: string;
  readonly piece: string;
  readonly end?: string;
}

/** Pieces that make a careless reader try again from every place. */
const PIECES: readonly string[] = [
  ...[
    'a',
    ' ',
    '"',
    '\\',
    '\\"',
    '[',
    ']',
    '=',
    ':',
    '|',
    '{',
    '}',
    ',',
    '%',
    '-',
    '0',
    '1.',
    '\u00e9',
    '\u{1f680}',
  ],
  ...[
    'a=',
    'a="',
    '="\\',
    ' a="b"',
    ' a=b',
    '\\x41',
    '\\u0041',
    '[a]',
    '": "',
    '{"a":',
    '1:',
    'a: ',
    'a\t',
    ' [',
    '"a", ',
  ],
];

/** Beginnings behind which each parser thinks the line to be its own, with pieces that go on from there. */
const OF_PARSERS: Readonly<Record<string, readonly AdversarialLine[]>> = {
  syslog: [
    ...['a', ' ', ':', '%', '[', '=', '1: ', 'a: '].map((piece) => ({
      begin: '<34>Oct 11 22:14:15 host ',
      piece,
    })),
    ...['1: ', ':', '*', 'a:', '0', '1w', 'a '].map((piece) => ({ begin: '<189>', piece })),
    ...['a', '[a]', ' a="b"', '\\"', '"'].map((piece) => ({ begin: '<34>1 - - - - - [a b="', piece })),
    ...['[a0 b="c"]', ' '].map((piece) => ({ begin: '<34>1 - - - - - ', piece })),
    { begin: '<34>1 - - - - - [a', piece: ' b="c"', end: ']' },
    { begin: '<189>date=2024-03-01 time=18:46:11 devname="F"', piece: ' a="b\\"c"' },
    { begin: '<189>date=2024-03-01 time=18:46:11', piece: ' k=v' },
    { begin: '2003-10-11T22:14:15.003Z ', piece: 'a ' },
    { begin: '<34>Mar  1 18:46:11.', piece: '1' },
    { begin: '<189>1: 2: Mar  1 18:46:11.1 ', piece: 'a' },
  ],
  cef: [
    ...['|', 'a', '\\|', '\\\\', '=', ' a=b', ' a=b c', 'a =', ' cs1Label=x cs1=y', '\\='].map((piece) => ({
      begin: 'CEF:0|v|p|1|2|n|3|',
      piece,
    })),
    ...['\\|', 'a', '\\'].map((piece) => ({ begin: 'CEF:0|', piece })),
    { begin: '<34>Oct 11 22:14:15 ', piece: 'a ', end: ' CEF:0|v|p|1|2|n|3|a=b' },
    { begin: '<34>', piece: '- ', end: 'CEF:0|v|p|1|2|n|3|a=b' },
  ],
  leef: [
    ...['\t', 'a', 'a=b\t', '=', '\\', 'a\t'].map((piece) => ({ begin: 'LEEF:1.0|v|p|1|2|', piece })),
    ...['^', 'a=b^', '|', 'a'].map((piece) => ({ begin: 'LEEF:2.0|v|p|1|2|^|', piece })),
    ...['|', 'a', '\\|'].map((piece) => ({ begin: 'LEEF:2.0|', piece })),
  ],
  logfmt: [
    ...['a=b ', 'a="b" ', 'a=" ', 'a ', '" ', '= ', 'a="\\" ', 'level=a '].map((piece) => ({
      begin: 'level=info ',
      piece,
    })),
    { begin: 'msg="', piece: '\\"' },
    { begin: 'msg="', piece: '\\u0041' },
  ],
  'access-log': [
    ...['a', '"', '\\', '\\x41', ' ', '" ', ' "'].map((piece) => ({
      begin: '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET /',
      piece,
    })),
    ...[' "', ' "a"', ' a=b', ' 0.001', ' a', ' "192.0.2.1"', ' a:"'].map((piece) => ({
      begin: '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      piece,
    })),
    ...[' [', 'a, ', ' -', '1.'].map((piece) => ({ begin: '192.0.2.1', piece })),
    { begin: '{"remote_addr":"a","request":"GET /', piece: 'a', end: '"}' },
    { begin: '{"remote_addr":"a","status":200,"x":[', piece: '1,', end: '1]}' },
  ],
  json: [
    ...['1,', '"a",', '[],', '{},', '{"a":1},'].map((piece) => ({
      begin: '{"log":{"a":[',
      piece,
      end: '1]}}',
    })),
    { begin: '{"time":"', piece: '1', end: '"}' },
    { begin: '{"levelname":"', piece: '\\u0041', end: '"}' },
    { begin: '{"log":{"a":1', piece: ',"a":1', end: '}}' },
    { begin: '{"@m":"a"', piece: ',"a":1', end: '}' },
    { begin: '{"@m":"', piece: '\\\\', end: '"}' },
  ],
  multiline: [
    ...['#012', '#043', '#012\tat a.B(C.java:1)', '#012  File "a"', 'a#012', '#012 ', '#0'].map((piece) => ({
      begin: '2026-11-20 12:00:00 ERROR x#012a.BError: ',
      piece,
    })),
    { begin: 'Traceback (most recent call last):#012', piece: ' x#012', end: 'a.B: c' },
    {
      begin: 'Traceback (most recent call last):#012',
      piece: ' x#012Traceback (most recent call last):#012',
    },
    { begin: "a#012\tfrom b:1#012a:1:in 'b': ", piece: 'a (B) ', end: '(C)' },
    { begin: '[Oct 11 22:14:15] ', piece: 'level=' },
  ],
  gelf: [
    { begin: '{"version":"1.1","host":"h","short_message":"m"', piece: ',"_a":1', end: '}' },
    { begin: '{"version":"1.1","host":"h","short_message":"', piece: '\\u0041', end: '"}' },
  ],
};

/** What a parser is tried with. */
export function adversarialLines(parser: string): readonly AdversarialLine[] {
  return [...PIECES.map((piece) => ({ begin: '', piece })), ...(OF_PARSERS[parser] ?? [])];
}

/** Such a line of about so many bytes. */
export function lineOf({ begin, piece, end = '' }: AdversarialLine, bytes: number): Buffer {
  const room = bytes - Buffer.byteLength(begin + end);
  return Buffer.from(begin + piece.repeat(Math.max(0, Math.floor(room / Buffer.byteLength(piece)))) + end);
}
