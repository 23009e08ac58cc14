import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Progress } from './progress.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What was written to a screen. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 8, write: (text: string) => written.push(text) };
}

it('writes one line over on a terminal, cut to its width', () => {
  const shown = screen(true);
  const progress = new Progress({ render: () => '0123456789', screen: shown });
  vi.advanceTimersByTime(200);
  progress.note('note');
  progress.end();
  vi.advanceTimersByTime(10_000);
  const clear = '\r\u001b[K';
  expect(shown.written).toEqual([`${clear}0123456`, `${clear}note\n`, `${clear}0123456`, clear]);
});

it('writes a line every five seconds elsewhere', () => {
  const shown = screen(false);
  const progress = new Progress({ render: () => '0123456789', screen: shown });
  vi.advanceTimersByTime(10_000);
  progress.end();
  expect(shown.written).toEqual(['0123456789\n', '0123456789\n']);
});

it('writes nothing but notes where it is to be quiet', () => {
  const shown = screen(true);
  const progress = new Progress({ render: () => 'x', screen: shown, quiet: true });
  vi.advanceTimersByTime(10_000);
  progress.note('note');
  progress.end();
  expect(shown.written).toEqual(['note\n']);
});
