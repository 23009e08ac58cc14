import { describe, expect, it } from 'vitest';
import { isUtf8Line, readLogFile, splitLines, wordsOf, wrapLine } from './log-file.js';

const texts = (bytes: string): string[] => splitLines(Buffer.from(bytes)).map(String);

describe('a log file', () => {
  it('is split at LF and CR LF, keeps blank lines and a last line without an end', () => {
    expect(texts('a\r\nb\n\nc\rd\nlast')).toEqual(['a', 'b', '', 'c\rd', 'last']);
    expect(texts('a\n')).toEqual(['a']);
    expect(texts('')).toEqual([]);
  });

  it.each(['plain', 'quote " back \\ slash', 'tab\tnul\u0000', 'ünïcode 漢字 🚀', '\u2028', ''])(
    'is wrapped so that JSON gives back %j',
    (line) => {
      const wrapped = wrapLine('a "b".log', Buffer.from(line)).toString('utf8');
      expect(wrapped.endsWith('}\n')).toBe(true);
      expect(JSON.parse(wrapped)).toEqual({ service: 'a "b".log', message: line });
    },
  );

  it('passes bytes that are not UTF-8 on as they are', () => {
    const bad = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x22]);
    const wrapped = wrapLine('s', bad);
    expect(isUtf8Line(bad)).toBe(false);
    expect(isUtf8Line(Buffer.from('ü'))).toBe(true);
    expect(wrapped.includes(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x5c, 0x22]))).toBe(true);
  });

  it('has the words that a search finds', () => {
    expect([...wordsOf('sshd(pam_unix)[1]: Ünï-x')]).toEqual(['sshd', 'pam', 'unix', '1', 'Ünï', 'x']);
  });

  it('that is missing is an error that says what to set', async () => {
    await expect(readLogFile('/nonexistent', 'loghub/x.log')).rejects.toThrow(
      /nonexistent\/loghub\/x\.log.*ALLUVIUM_CORPORA/,
    );
  });
});
