const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const text = (value: string): Uint8Array => Buffer.from(value);

/** Lines that were never meant for any parser. */
export const HOSTILE_LINES: readonly Uint8Array[] = [
  text(''),
  text('0'),
  text('-'),
  bytes(0x00),
  bytes(0xff, 0xfe, 0x00),
  bytes(0xc3),
  bytes(0xed, 0xa0, 0x80),
  bytes(0x3c, 0x33, 0x34, 0x3e, 0xff, 0x20, 0xc3, 0x28),
  text('\ufeff'),
  text('\ufeff<34>1 - - - - - -'),
  text('<'),
  text('<>'),
  text('<999999999999999999999>'),
  text('<34>'),
  text('{'),
  text('{}'),
  text('{"__proto__":{"polluted":true},"constructor":1,"toString":2}'),
  text('{"a":1e999,"b":123456789012345678901234567890,"c":"\\ud800"}'),
  text('["a"]'),
  text('null'),
  text('CEF:0|'),
  text('Feb 30 25:61:61 host app: x'),
  text('Feb 29 12:00:00 host app: x'),
  text('\t \u0001 \u2028 \u0085'),
  text('\u{1f680}'.repeat(50)),
];

const LONGEST = 1024 * 1024;

/** Lines as long as they may be, each one character or pair again and again behind a beginning: what a greedy reader tries again and again. */
export function longLines(): readonly Uint8Array[] {
  const beginnings = ['', '<34>1 - - - - - ', '<34>Oct 11 22:14:15 host app: ', '{"a":', '[id '];
  const repeated = [
    'a',
    ' ',
    '"',
    '\\',
    '[',
    ']',
    '=',
    ':',
    '<',
    '{',
    '[a]',
    'a="',
    '="\\',
    ' a="b"',
    '1:',
    '\u00e9',
  ];
  return beginnings.flatMap((begin) =>
    repeated.map((piece) =>
      Buffer.from(begin + piece.repeat(LONGEST / Buffer.byteLength(piece) - begin.length)),
    ),
  );
}
