import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';

const defaults = { data: '', events: 1_000, 'per-request': 5, json: false };

describe('options', () => {
  it('keeps defaults and takes what is given in its kind', () => {
    expect(readOptions(defaults, [])).toEqual(defaults);
    const given = ['--events', '7', '--data', 'folder', '--json', '--per-request', '1e3'];
    expect(readOptions(defaults, given)).toEqual({
      data: 'folder',
      events: 7,
      'per-request': 1_000,
      json: true,
    });
  });

  it.each([[['--event', '7']], [['--events', 'many']], [['--events', '-1']], [['stray']]])(
    'refuses %j with the list of options',
    (commandLine) => {
      expect(() => readOptions(defaults, commandLine)).toThrow(/--events \(1000\)/);
    },
  );
});
